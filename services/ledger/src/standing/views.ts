import type { Sql } from '@punchcard/database';
import type { Tier } from '../tiers/rules.ts';

/** The tiers of all ladders of a partner. */
export async function listAllTiers(sql: Sql, partnerId: string): Promise<Tier[]> {
  return sql<Tier[]>`
    select
      tier_id, scope_id, name, points_threshold, multiplier_bp, redemption_discount_bp, is_default,
      is_active and not is_deleted as is_active, is_deleted
    from tiers
    where partner_id = ${partnerId}
  `;
}

/** Whether the member ever bought something on a card, also for 0 points. */
export async function hasPurchased(
  sql: Sql,
  { partnerId, memberId }: { partnerId: string; memberId: string },
): Promise<boolean> {
  const bought = await sql`
    select 1
    from accounts
    where partner_id = ${partnerId} and member_id = ${memberId} and has_purchased
    limit 1
  `;
  return bought.length > 0;
}

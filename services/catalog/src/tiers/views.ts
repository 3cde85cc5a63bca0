import { notFound } from '@punchcard/contracts';
import type { Db, Page, Sql } from '@punchcard/database';
import type { Ladder, Tier, TierKey } from './store.ts';

export interface TierView extends Tier {
  /** As the ledger's events told so far. */
  members: number;
}

export interface TierFilter {
  partnerId: string;
  /** Absent: all ladders. */
  clubId?: Ladder['clubId'] | undefined;
}

/** A tier, or 404. */
export async function getTierView(sql: Db, { partnerId, tierId }: TierKey): Promise<TierView> {
  const [tier] = await sql<TierView[]>`
    select ${columns(sql)}
    from tiers
    left join tier_usage using (partner_id, tier_id)
    where partner_id = ${partnerId} and tier_id = ${tierId}
  `;
  if (!tier) throw notFound('tier', tierId);
  return tier;
}

/** Tiers by ladder, the partner-wide one first, and in it by level. */
export async function listTiers(sql: Sql, { partnerId, clubId }: TierFilter, { limit, offset }: Page) {
  const filter = clubId === undefined ? sql`true` : sql`club_id is not distinct from ${clubId}`;
  const [tiers, counted] = await Promise.all([
    sql<TierView[]>`
      select ${columns(sql)}
      from tiers
      left join tier_usage using (partner_id, tier_id)
      where partner_id = ${partnerId} and ${filter}
      order by club_id nulls first, level
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from tiers
      where partner_id = ${partnerId} and ${filter}
    `,
  ]);
  return { tiers, total: counted[0]!.total };
}

const columns = (sql: Db) => sql`
  partner_id, tier_id, club_id, name, display_name, description, level, points_threshold, multiplier_bp,
  redemption_discount_bp, icon, color, is_default, is_active, created_at, updated_at,
  greatest(coalesce(members, 0), 0) as members
`;

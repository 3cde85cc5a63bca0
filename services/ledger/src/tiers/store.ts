import type { Tx } from '@punchcard/database';
import type { StandingRow } from '../booking/locks-store.ts';
import type { Tier } from './rules.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

/** The members of a ladder are to be placed anew, from the first on, also if that is under way. */
export async function noteLadderChange(tx: Tx, partnerId: string, scopeId: string): Promise<void> {
  await tx`
    insert into ladder_changes (partner_id, scope_id, after_member_id)
    values (${partnerId}, ${scopeId}, ${NIL})
    on conflict (partner_id, scope_id) do update set after_member_id = excluded.after_member_id
  `;
}

/** The next members in the order of all locks. */
export async function lockNextStandings(
  tx: Tx,
  { partnerId, afterMemberId, limit }: { partnerId: string; afterMemberId: string; limit: number },
): Promise<StandingRow[]> {
  return tx<StandingRow[]>`
    select partner_id, member_id, lifetime_points, tier_id, clubs, uses, tier_moves
    from member_standings
    where partner_id = ${partnerId} and member_id > ${afterMemberId}
    order by member_id
    limit ${limit}
    for update
  `;
}

export async function findLadder(tx: Tx, partnerId: string, scopeId: string): Promise<Tier[]> {
  return tx<Tier[]>`
    select
      tier_id, scope_id, name, points_threshold, multiplier_bp, redemption_discount_bp, is_default,
      is_active and not is_deleted as is_active, is_deleted
    from tiers
    where partner_id = ${partnerId} and scope_id = ${scopeId}
  `;
}

export async function noteProgress(
  tx: Tx,
  { partnerId, scopeId }: { partnerId: string; scopeId: string },
  afterMemberId: string | null,
): Promise<void> {
  if (afterMemberId === null) {
    await tx`delete from ladder_changes where partner_id = ${partnerId} and scope_id = ${scopeId}`;
    return;
  }
  await tx`
    update ladder_changes
    set after_member_id = ${afterMemberId}
    where partner_id = ${partnerId} and scope_id = ${scopeId}
  `;
}

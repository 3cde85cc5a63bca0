import type { Sql } from '@punchcard/database';
import type { Interaction } from './store.ts';

/** Across partners: when members last used a key; an older instant changes nothing. @returns how many that changed */
export async function recordLogins(sql: Sql, used: readonly Interaction[]): Promise<number> {
  const changed = await sql`
    with later as (
      select m.partner_id, m.member_id, u.at
      from (
        select partner_id, member_id, max(at) as at
        from unnest(
          ${used.map(({ partnerId }) => partnerId)}::uuid[],
          ${used.map(({ memberId }) => memberId)}::uuid[],
          ${used.map(({ at }) => at.toISOString())}::timestamptz[]
        ) as u (partner_id, member_id, at)
        group by partner_id, member_id
      ) u
      join members m using (partner_id, member_id)
      where m.state = 'active' and (m.last_login_at is null or m.last_login_at < u.at)
      order by m.partner_id, m.member_id
      for update of m
    )
    update members m
    set last_login_at = l.at
    from later l
    where m.partner_id = l.partner_id and m.member_id = l.member_id
  `;
  return changed.count;
}

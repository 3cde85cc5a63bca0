import type { Tx } from '@punchcard/database';

export interface Interaction {
  partnerId: string;
  memberId: string;
  at: Date;
}

/** Keeps the earliest instant of each member, in whatever order they come. Locks in one order: gateways and consumers meet here. */
export async function noteInteractions(tx: Tx, interactions: readonly Interaction[]): Promise<void> {
  await tx`
    with earlier as (
      select m.partner_id, m.member_id, i.at
      from (
        select partner_id, member_id, min(at) as at
        from unnest(
          ${interactions.map(({ partnerId }) => partnerId)}::uuid[],
          ${interactions.map(({ memberId }) => memberId)}::uuid[],
          ${interactions.map(({ at }) => at.toISOString())}::timestamptz[]
        ) as u (partner_id, member_id, at)
        group by partner_id, member_id
      ) i
      join members m using (partner_id, member_id)
      where m.first_interaction_at is null or m.first_interaction_at > i.at
      order by m.partner_id, m.member_id
      for update of m
    )
    update members m
    set first_interaction_at = e.at
    from earlier e
    where m.partner_id = e.partner_id and m.member_id = e.member_id
  `;
}

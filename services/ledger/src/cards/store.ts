import type { Sql, Tx } from '@punchcard/database';

interface CardKey {
  partnerId: string;
  cardId: string;
}

export async function hasEntries(sql: Sql, { partnerId, cardId }: CardKey): Promise<boolean> {
  const found = await sql`
    select 1 from entries where partner_id = ${partnerId} and card_id = ${cardId} limit 1
  `;
  return found.length > 0;
}

export async function isClosed(sql: Sql, { partnerId, cardId }: CardKey): Promise<boolean> {
  const found = await sql`
    select 1 from closed_cards where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  return found.length > 0;
}

export interface OpenBalances {
  members: number;
  points: number;
}

/** What members hold on a card at an instant: pending points too, and what is owed and not booked yet. */
export async function sumOpenBalances(tx: Tx, { partnerId, cardId }: CardKey, now: Date): Promise<OpenBalances> {
  const [open] = await tx<[OpenBalances]>`
    select count(distinct member_id) as members, coalesce(sum(points), 0)::bigint as points
    from (
      select l.member_id, l.remaining as points
      from accounts a
      join lots l using (partner_id, member_id, card_id)
      where a.partner_id = ${partnerId} and a.card_id = ${cardId} and a.balance > 0
        and l.remaining > 0 and (l.expires_at is null or l.expires_at > ${now})
      union all
      select o.member_id, o.points
      from owed_awards o
      where o.partner_id = ${partnerId} and o.card_id = ${cardId} and o.refused_as is null
        and not exists (
          select from entries e
          where e.partner_id = o.partner_id and e.kind = 'award' and e.reference = o.reference
        )
    ) held
  `;
  return open;
}

export async function saveClosed(tx: Tx, card: CardKey & { closedAt: Date }): Promise<void> {
  await tx`insert into closed_cards ${tx({ ...card })} on conflict (partner_id, card_id) do nothing`;
}

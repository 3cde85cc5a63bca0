import type { Sql, Tx } from '@punchcard/database';

export async function hasEntries(sql: Sql, partnerId: string, cardId: string): Promise<boolean> {
  const found = await sql`
    select 1 from entries where partner_id = ${partnerId} and card_id = ${cardId} limit 1
  `;
  return found.length > 0;
}

export interface OpenBalances {
  members: number;
  points: number;
}

/** What members hold on a card at an instant, pending points too. */
export async function sumOpenBalances(
  tx: Tx,
  { partnerId, cardId }: { partnerId: string; cardId: string },
  now: Date,
): Promise<OpenBalances> {
  const [open] = await tx<[OpenBalances]>`
    select count(distinct l.member_id) as members, coalesce(sum(l.remaining), 0)::bigint as points
    from accounts a
    join lots l using (partner_id, member_id, card_id)
    where a.partner_id = ${partnerId} and a.card_id = ${cardId} and a.balance > 0
      and l.remaining > 0 and (l.expires_at is null or l.expires_at > ${now})
  `;
  return open;
}

export async function saveClosed(tx: Tx, card: { partnerId: string; cardId: string; closedAt: Date }): Promise<void> {
  await tx`insert into closed_cards ${tx({ ...card })} on conflict (partner_id, card_id) do nothing`;
}

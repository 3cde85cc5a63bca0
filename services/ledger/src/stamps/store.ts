import type { Tx } from '@punchcard/database';

/** Rewards of a stamp card that wait to be claimed, over all members. */
export async function sumPending(
  tx: Tx,
  { partnerId, stampCardId }: { partnerId: string; stampCardId: string },
): Promise<number> {
  const [waiting] = await tx<[{ pending: number }]>`
    select coalesce(sum(pending_rewards), 0)::bigint as pending
    from stamp_progress
    where partner_id = ${partnerId} and stamp_card_id = ${stampCardId} and pending_rewards > 0
  `;
  return waiting.pending;
}

export async function saveClosed(
  tx: Tx,
  card: { partnerId: string; stampCardId: string; closedAt: Date },
): Promise<void> {
  await tx`insert into closed_stamp_cards ${tx({ ...card })} on conflict (partner_id, stamp_card_id) do nothing`;
}

import type { EntryEvent } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';

export interface ExportedEntry {
  position: number;
  eventId: string;
  partnerId: string;
  transactionId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  event: EntryEvent;
  points: number;
  balanceAfter: number;
  seq: number;
  purchaseMinor: number | null;
  currency: string;
  rewardId: string | null;
  staffId: string | null;
  reference: string | null;
  occurredAt: Date;
  createdAt: Date;
}

/**
 * The last position below which nothing is still to come. Positions are given at the insert and seen after the commit, so the
 * table is locked for as long as the batches under way take to end, some milliseconds.
 */
export function findEnd(sql: Sql): Promise<number> {
  return sql.begin(async (tx) => {
    await tx`lock table entries in share mode`;
    const [{ position }] = await tx<[{ position: number }]>`
      select coalesce(max(position), 0) as position from entries
    `;
    return position;
  });
}

/** Across partners: entries in the order in which they were booked. */
export async function listFrom(
  sql: Sql,
  { after, end, limit }: { after: number; end: number; limit: number },
): Promise<ExportedEntry[]> {
  return sql<ExportedEntry[]>`
    select
      position, event_id, partner_id, transaction_id, member_id, card_id, club_id, event, points, balance_after, seq,
      purchase_minor, currency, reward_id, staff_id, reference, occurred_at, created_at
    from entries
    where position > ${after} and position <= ${end}
    order by position
    limit ${limit}
  `;
}

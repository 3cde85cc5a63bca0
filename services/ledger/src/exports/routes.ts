import { invalid, type exportEntries, type Handlers } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { findEnd, listFrom, type ExportedEntry } from './platform-entries.ts';

/** Positions as `after.end`: the end is fixed by the first page, so that an export ends while the ledger goes on. */
const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

export const exportHandlers = ({ sql }: { sql: Sql }): Handlers<typeof exportEntries> => ({
  'internal.entries.export': async ({ query: { after: cursor, limit } }) => {
    const { after, end } = cursor === undefined ? { after: 0, end: await findEnd(sql) } : parse(cursor);
    const entries = await listFrom(sql, { after, end, limit });
    const last = entries.at(-1)?.position ?? end;
    return { entries: entries.map(toExported), next_after: last < end ? `${last}.${end}` : null };
  },
});

function parse(cursor: string): { after: number; end: number } {
  const [match, after, end] = CURSOR.exec(cursor) ?? [];
  if (match === undefined) throw invalid('after', 'must be the next_after of a page');
  return { after: Number(after), end: Number(end) };
}

const toExported = (entry: ExportedEntry) => ({
  event_id: entry.eventId,
  partner_id: entry.partnerId,
  transaction_id: entry.transactionId,
  member_id: entry.memberId,
  card_id: entry.cardId,
  club_id: entry.clubId,
  event: entry.event,
  points: entry.points,
  balance_after: entry.balanceAfter,
  seq: entry.seq,
  purchase_minor: entry.purchaseMinor,
  currency: entry.currency,
  reward_id: entry.rewardId,
  staff_id: entry.staffId,
  reference: entry.reference,
  occurred_at: entry.occurredAt.toISOString(),
  created_at: entry.createdAt.toISOString(),
});

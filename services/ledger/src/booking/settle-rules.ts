import { expiriesDue } from '../lots/rules.ts';
import { place, wake } from '../tiers/standing-rules.ts';
import { debit } from './posting-rules.ts';
import type { Position } from './rules.ts';

/**
 * Books what is true at `at` without anybody's order: points that became active, points that expired (each dated at the
 * instant it was due), and a ladder that changed. Comes before every decision, so no sweep is ever too late.
 */
export function settle(position: Position): void {
  const { books, standing, account, at } = position;
  const isBegun = !standing.isNew || books.journal.standings.has(standing);
  if (isBegun) {
    wake(position);
    place(position);
  }
  for (const { at: dueAt, spends } of expiriesDue(account.lots, at)) {
    debit(position, {
      transactionId: books.newId(),
      kind: 'expiry',
      event: 'points_expired',
      occurredAt: dueAt,
      createdAt: dueAt,
      spends,
    });
  }
}

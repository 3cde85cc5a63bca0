import { AppError, type Caller } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient, Log } from '@punchcard/service-kit';
import { award } from '../redemptions/book-points.ts';
import type { OwedPoints, RedemptionKey } from '../redemptions/store.ts';
import { listUnsettled, markSettled, type CardKey } from './store.ts';

export interface SettleDeps {
  sql: Sql;
  internal: InternalClient;
  log: Log;
}

/** At once, of one card. */
const PAGE = 32;

/**
 * Has the ledger say of each redemption onto a card whether its points are booked, where only an event or nobody may have brought
 * them so far. What it refuses for good stays with it, for the operator, as it does when the event brings it.
 * @throws AppError SERVICE_UNAVAILABLE when it does not say; the next time goes on from there
 */
export async function settlePoints(deps: SettleDeps, key: CardKey, caller: Caller): Promise<void> {
  for (;;) {
    const owed = await listUnsettled(deps.sql, key, PAGE);
    const outcomes = await Promise.allSettled(owed.map((one) => settle(deps, one, caller)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (owed.length < PAGE) return;
  }
}

async function settle(
  { sql, internal, log }: SettleDeps,
  { partnerId, redemptionId, ...owed }: OwedPoints & RedemptionKey,
  caller: Caller,
): Promise<void> {
  const key = { partnerId, redemptionId };
  const status = await award(internal, { key, owed, caller }).then(
    () => 'booked' as const,
    (error: unknown) => {
      if (!(error instanceof AppError) || error.retryable) throw error;
      log.error({ err: error, ...key }, 'the points of a redemption were refused for good');
      return 'queued' as const;
    },
  );
  await markSettled(sql, { ...key, status });
}

import { awardPoints, AppError, type Call } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient, Log } from '@punchcard/service-kit';
import { notePoints } from './metrics.ts';
import { decideStatus, findOwed, type OwedPoints, type RedemptionKey } from './store.ts';

interface Deps {
  sql: Sql;
  internal: InternalClient;
  log: Log;
}

/**
 * Books the points of a redemption that was committed, and decides what its callers are told: once, so that every repeat gets
 * the same. The ledger knows an award by the redemption's id; the event brings it there again, which books what this could not.
 */
export async function bookPoints(
  { sql, internal, log }: Deps,
  { key, caller }: { key: RedemptionKey; caller: Call['caller'] },
): Promise<'booked' | 'queued'> {
  const owed = await findOwed(sql, key);
  if (owed.pointsStatus !== 'undecided') return owed.pointsStatus;
  const isBooked = await award(internal, { key, owed, caller }).then(
    () => true,
    (error: unknown) => {
      const isFinal = error instanceof AppError && !error.retryable;
      log[isFinal ? 'error' : 'warn']({ err: error, ...key }, 'the points of a redemption are left to its event');
      return false;
    },
  );
  const status = await decideStatus(sql, { ...key, status: isBooked ? 'booked' : 'queued' });
  notePoints(status);
  return status;
}

/** Asks the ledger to book the points of a redemption: once, however often it is asked. */
export const award = (
  internal: InternalClient,
  { key, owed, caller }: { key: RedemptionKey; owed: OwedPoints; caller: Call['caller'] },
) =>
  internal.call(awardPoints, {
    caller,
    body: {
      card_id: owed.cardId,
      member_id: owed.memberId,
      event: 'voucher_bonus_points',
      points: owed.points,
      reference: key.redemptionId,
      staff_id: owed.staffId,
      occurred_at: owed.redeemedAt.toISOString(),
    },
  });

import { AppError } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { outboxStatement, type Relay } from '@punchcard/messaging';
import type { Log } from '@punchcard/service-kit';
import { addToCount, lockCount } from '../programme/store.ts';
import { announceBatch } from './events.ts';
import { makeCodes } from './make-codes.ts';
import { takeDue, type DueBatch } from './platform-queue.ts';
import { lockUnmade, markCompleted, markFailed, putOff } from './store.ts';

interface Deps {
  sql: Sql;
  relay: Pick<Relay, 'nudge'>;
  log: Log;
}

const MAX_ATTEMPTS = 10;
const LONGEST_WAIT_MS = 60_000;

/**
 * Makes the codes of the next batch in the queue. All of it is one transaction, which holds the batch's row: a process that dies
 * leaves nothing but the batch, for any other.
 * @returns whether there was one
 */
export async function workBatch(deps: Deps, now: Date): Promise<boolean> {
  const due = await takeDue(deps.sql, now);
  if (!due) return false;
  try {
    await makeBatch(deps, due);
  } catch (error) {
    await giveUpOrWait(deps, due, error);
  }
  deps.relay.nudge();
  return true;
}

const makeBatch = ({ sql }: Deps, due: DueBatch): Promise<void> =>
  sql.begin(async (tx) => {
    const batch = await lockUnmade(tx, due);
    if (!batch) return;
    const now = new Date();
    await makeCodes(tx, batch, now);
    await markCompleted(tx, batch, now);
    await outboxStatement(tx, [announceBatch(batch, now)]);
  });

async function giveUpOrWait({ sql, log }: Deps, due: DueBatch, error: unknown): Promise<void> {
  const { partnerId, batchId, attempts } = due;
  const isFinal = error instanceof AppError && !error.retryable;
  if (!isFinal && attempts < MAX_ATTEMPTS) {
    log.warn({ err: error, batchId, attempts }, 'the codes of a batch could not be made; trying again');
    const dueAt = new Date(Date.now() + Math.min(250 * 2 ** attempts, LONGEST_WAIT_MS));
    return sql.begin((tx) => putOff(tx, { partnerId, batchId, dueAt }));
  }
  log.error({ err: error, batchId, attempts }, 'a batch of vouchers failed');
  const known = error instanceof AppError ? error : new AppError('INTERNAL_ERROR');
  await sql.begin(async (tx) => {
    await lockCount(tx, partnerId);
    const batch = await lockUnmade(tx, due);
    if (!batch) return;
    const failure = { code: known.code, message: known.message };
    await markFailed(tx, { partnerId, batchId, failure, now: new Date() });
    await addToCount(tx, partnerId, -batch.count);
  });
}

import { AppError } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Log } from '@punchcard/messaging';
import type { Booking } from '../booking/lanes.ts';
import { newAward } from './new-award.ts';
import { forgetOwed, noteRefusal, type OwedRow } from './owed-store.ts';
import { findOwed, type Cursor } from './platform-owed.ts';

interface Deps {
  sql: Sql;
  booking: Booking;
  log: Log;
}

const PAGE = 128;
const BEGINNING: Cursor = { occurredAt: new Date(0), reference: '' };

/**
 * Books what events said is owed. What cannot be booked now (a copy that is behind, a database that is slow) stays for the next
 * run and holds up nobody; what is refused for good stays too, marked. Returns how many it left for the next run.
 */
export async function bookOwed(deps: Deps, now: Date): Promise<number> {
  let left = 0;
  for (let after = BEGINNING; ;) {
    const rows = await findOwed(deps.sql, { after, limit: PAGE });
    const outcomes = await Promise.allSettled(rows.map((owed) => bookOne(deps, owed, now)));
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    left += failures.length;
    const [first] = failures;
    if (first) deps.log.warn({ err: first.reason, left }, 'owed points cannot be booked; trying again');
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return left;
    after = last;
  }
}

/**
 * Books what is owed, or notes with which code it was refused for good.
 * @returns that code; null: it is booked
 * @throws what keeps it from being booked for now
 */
export async function bookOne({ sql, booking, log }: Deps, owed: OwedRow, now: Date): Promise<string | null> {
  try {
    await booking.submit(newAward(owed, now));
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    const { partnerId, reference } = owed;
    log.error({ err: error, partnerId, reference }, 'owed points were refused for good');
    await noteRefusal(sql, owed, error.code);
    return error.code;
  }
  await forgetOwed(sql, owed);
  return null;
}

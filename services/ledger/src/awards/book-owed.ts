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
    const failures = (await Promise.all(rows.map((owed) => bookOne(deps, owed, now)))).filter(Boolean);
    left += failures.length;
    if (failures.length > 0) deps.log.warn({ err: failures[0], left }, 'owed points cannot be booked; trying again');
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return left;
    after = last;
  }
}

/** What keeps an award from being booked for now. */
async function bookOne({ sql, booking, log }: Deps, owed: OwedRow, now: Date): Promise<unknown> {
  try {
    await booking.submit(newAward(owed, now));
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) return error;
    const { partnerId, reference } = owed;
    log.error({ err: error, partnerId, reference }, 'owed points were refused for good');
    await noteRefusal(sql, owed, error.code);
    return undefined;
  }
  await forgetOwed(sql, owed);
  return undefined;
}

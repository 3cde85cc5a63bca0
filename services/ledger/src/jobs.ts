import type { Sql } from '@punchcard/database';
import { repeat, type Job, type Log } from '@punchcard/service-kit';
import { bookOwed } from './awards/book-owed.ts';
import { measureOwed } from './awards/metrics.ts';
import type { Booking } from './booking/lanes.ts';
import type { Config } from './config.ts';
import { foldNext } from './counts/fold.ts';
import type { Kept } from './counts/kept.ts';
import { sweep } from './lots/sweep.ts';
import { placeNext } from './tiers/re-place.ts';

interface Deps {
  sql: Sql;
  booking: Booking;
  kept: Kept;
  log: Log;
  /** Is told that there are announcements to send. */
  nudge: () => void;
}

/** What the service does without being asked: it books what is due and what is owed, places members of changed ladders, and counts. */
export function startJobs({ sql, booking, kept, log, nudge }: Deps, config: Config): Job[] {
  const placeAndTell = async (): Promise<boolean> => {
    const hasMore = await placeNext(sql, new Date());
    if (hasMore) nudge();
    return hasMore;
  };
  const bookAndMeasure = async (): Promise<void> => {
    await bookOwed({ sql, booking, log }, new Date());
    await measureOwed(sql);
  };
  return [
    repeat(async () => void (await sweep({ sql, booking }, new Date())), {
      name: 'sweep',
      everyMs: config.sweepMs,
      log,
    }),
    repeat(bookAndMeasure, {
      name: 'owed awards',
      everyMs: config.awardsMs,
      log,
    }),
    repeat(placeAndTell, { name: 're-place', everyMs: config.rePlaceMs, log }),
    repeat(() => foldNext({ sql, kept }), { name: 'counts', everyMs: config.countsMs, log }),
  ];
}

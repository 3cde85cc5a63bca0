import type { Sql } from '@punchcard/database';
import { announce } from '@punchcard/messaging';
import { repeat, type Job, type Log } from '@punchcard/service-kit';
import { announceAnonymised } from '../members/events.ts';
import { anonymiseSome, forgetAnswers } from '../members/store.ts';
import { listLeftBehind } from '../replicas/platform-store.ts';

/** Members a transaction wipes: enough to be quick, few enough to be short. */
const CHUNK = 500;

/** Anonymises the members of partners that were deleted. @returns how many */
export async function anonymiseLeftBehind(sql: Sql, now: Date): Promise<number> {
  let count = 0;
  for (const partnerId of await listLeftBehind(sql)) {
    for (let some = -1; some !== 0; count += some) {
      some = await sql.begin(async (tx) => {
        const wiped = await anonymiseSome(tx, { partnerId, limit: CHUNK, now });
        await forgetAnswers(tx, partnerId);
        const events = wiped.map((member) => announceAnonymised({ ...member, partnerId }));
        if (events.length > 0) await announce(tx, { source: 'members', partnerId, events });
        return wiped.length;
      });
    }
  }
  return count;
}

interface SweepOptions {
  sql: Sql;
  relay: { nudge(): void };
  log: Log;
}

const EVERY_MS = 10_000;

/** Sweeps again and again. */
export const startSweep = ({ sql, relay, log }: SweepOptions): Job =>
  repeat(
    async () => {
      const count = await anonymiseLeftBehind(sql, new Date());
      if (count > 0) log.info({ count }, 'anonymised the members of deleted partners');
      if (count > 0) relay.nudge();
    },
    { name: 'anonymisation', everyMs: EVERY_MS, log },
  );

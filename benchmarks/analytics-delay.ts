/**
 * From the answer of a purchase until the figures of analytics contain it, while half of the peak is sold.
 * `node benchmarks/analytics-delay.ts [--quick]`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Sql } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import { buy, buyOnce, offerPurchases, type Buyer } from './lib/buyers.ts';
import { ms, quantile, whole } from './lib/numbers.ts';
import { readOptions } from './lib/options.ts';
import { report } from './lib/report.ts';
import { takeTurns } from './lib/rounds.ts';
import { startStack } from './lib/stack.ts';
import { openTills } from './lib/tills.ts';

const callers = 64;
const canaries = 4;
/** How often the figures are looked at, directly in the database: the API adds what a read costs. */
const lookEveryMs = 4;
const lateAfterMs = 20_000;

const options = readOptions({ rounds: 3, seconds: 12 });
const stack = await startStack();
const calls = options.isQuick ? 20_000 : (4 + options.rounds * options.seconds) * 3_000;
const { buyers, partners } = await openTills(stack, { calls });
const watched = await openTills(stack, { calls: canaries });
const url = stack.baseUrl;
const sql = connect(databaseUrlOf('analytics', stack.facts), { poolMax: canaries });
await buyOnce(url, buyers[0]!);
const { perSecond: peak } = await buy({ urls: [url], buyers, callers, seconds: options.isQuick ? 2 : 4 });
await caughtUp(sql);

const rounds = await takeTurns(
  [
    {
      name: 'half of the peak',
      run: async () => {
        const offered = offerPurchases(url, buyers, { perSecond: peak / 2, seconds: options.seconds });
        const delays = await watch(watched.buyers, options.seconds - 1);
        const { p99: purchaseP99 } = await offered;
        return { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), purchaseP99, samples: delays.length };
      },
    },
    {
      name: 'nothing else',
      run: async () => {
        const delays = await watch(watched.buyers, Math.ceil(options.seconds / 4));
        return { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), purchaseP99: NaN, samples: delays.length };
      },
    },
  ],
  options,
);
const busy = rounds.get('half of the peak')!;
const idle = rounds.get('nothing else')!;

/** Purchases one after another, in four lines; how long each took to be counted. */
async function watch(by: readonly Buyer[], seconds: number): Promise<number[]> {
  const until = performance.now() + seconds * 1_000;
  const delays: number[] = [];
  const follow = async (buyer: Buyer) => {
    while (performance.now() < until) {
      const before = await counted(buyer);
      await buyOnce(url, buyer);
      const since = performance.now();
      while ((await counted(buyer)) === before) {
        if (performance.now() - since > lateAfterMs) throw new Error(`Not counted within ${lateAfterMs / 1_000} s`);
        await sleep(lookEveryMs);
      }
      delays.push(performance.now() - since);
      await sleep(20);
    }
  };
  // A line each: one member of the buyer, so that what is counted is its own purchase.
  await Promise.all(by.slice(0, canaries).map((buyer, n) => follow({ ...buyer, members: [buyer.members[n]!] })));
  return delays;
}

async function counted({ members }: Buyer): Promise<number> {
  const [row] = await sql<{ purchases: number }[]>`
    select coalesce(sum(purchases), 0)::bigint as purchases
    from activity
    where partner_id = ${watched.partners[0]!.id} and member_id = ${members[0]!}
  `;
  return row?.purchases ?? 0;
}

/** Nothing of the load before is still on its way. */
async function caughtUp(analytics: Sql): Promise<void> {
  for (let before = -1; ;) {
    const [row] = await analytics<{ facts: number }[]>`select count(*) as facts from facts`;
    if (row!.facts === before) return;
    before = row!.facts;
    await sleep(1_000);
  }
}

report('analytics-delay', options, {
  tables: [
    {
      title: 'From the answer of a purchase until analytics count it',
      columns: ['sold meanwhile', 'p50 ms', 'p99 ms', 'purchases followed', 'p99 of a purchase itself, ms'],
      rows: [
        ['nothing', ms(idle.p50), ms(idle.p99), whole(idle.samples), '–'],
        [
          `${whole(peak / 2)} a second, half of the peak`,
          ms(busy.p50),
          ms(busy.p99),
          whole(busy.samples),
          ms(busy.purchaseP99),
        ],
      ],
    },
  ],
  goals: [
    {
      goal: 'purchase → visible in analytics: p99 ≤ 250 ms at half of peak',
      measured: `${ms(busy.p99)} ms`,
      isMet: busy.p99 <= 250,
    },
  ],
  notes: [
    `The figures are looked at every ${lookEveryMs} ms in the database of analytics, in the table that the same transaction writes.`,
    `${partners.length} partners sell; ${canaries} lines of another one are followed.`,
  ],
});
await sql.end();
await stack.stop();
process.exit();

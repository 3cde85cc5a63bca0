/**
 * Purchases from the gateway to the commit in the ledger, all checks and all services on: the peak of 64 callers, and how long
 * callers wait when 70 % of it is offered. `node benchmarks/whole-path.ts [--quick]`
 */
import { connect } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import { buy, buyOnce, offerPurchases } from './lib/buyers.ts';
import { checkLedger } from './lib/ledger-data.ts';
import { ms, whole } from './lib/numbers.ts';
import { readOptions } from './lib/options.ts';
import { report } from './lib/report.ts';
import { takeTurns } from './lib/rounds.ts';
import { startStack } from './lib/stack.ts';
import { openTills } from './lib/tills.ts';

const callers = 64;
/** Of the steady rate, told of apart. */
const leadInSeconds = 2;
/** What the limits of the partners must leave room for. */
const perSecondAtMost = 4_000;

const options = readOptions({ rounds: 3, seconds: 8 });
const stack = await startStack();
const seconds = options.warmSeconds + options.rounds * (options.seconds * 2 + leadInSeconds);
const { buyers, partners } = await openTills(stack, { calls: seconds * perSecondAtMost * (options.isQuick ? 0.1 : 1) });
const url = stack.baseUrl;
await buyOnce(url, buyers[0]!);
await buy({ urls: [url], buyers, callers, seconds: options.warmSeconds });

const peaks = await takeTurns(
  [{ name: 'peak', run: () => buy({ urls: [url], buyers, callers, seconds: options.seconds }) }],
  options,
);
const peak = peaks.get('peak')!;
const perSecond = peak.perSecond * 0.7;
const steadies = await takeTurns(
  [
    {
      name: '70 % of it',
      run: async () => ({
        ...(await offerPurchases(url, buyers, { perSecond, seconds: options.seconds, leadInSeconds })),
      }),
    },
  ],
  options,
);
const steady = steadies.get('70 % of it')!;
const sql = connect(databaseUrlOf('ledger', stack.facts), { poolMax: 1, statementTimeoutMs: 120_000 });
const entries = await checkLedger(
  sql,
  partners.map(({ id }) => id),
);
await sql.end();

report('whole-path', options, {
  tables: [
    {
      title: 'Purchases through gateway and ledger',
      columns: ['', 'a second', 'p50 ms', 'p99 ms'],
      rows: [
        [`peak of ${callers} callers`, whole(peak.perSecond), ms(peak.p50), ms(peak.p99)],
        ['70 % of the peak, at a steady rate', whole(steady.perSecond), ms(steady.p50), ms(steady.p99)],
      ],
    },
  ],
  goals: [
    {
      goal: 'gateway → ledger → commit, 64 callers: p99 ≤ 50 ms at 70 % of peak',
      measured: `${ms(steady.p99)} ms at ${whole(steady.perSecond)} a second`,
      isMet: steady.p99 <= 50,
    },
  ],
  notes: [
    `${partners.length} partners with ${buyers.length} keys took part, since no switch turns a limit off.`,
    `After all of it each balance is the sum of its entries and of its lots: ${whole(entries)} entries.`,
    `In the first ${leadInSeconds} s at that rate, which are not in the row, the p99 is ${ms(steady.leadInP99)} ms: 64 connections are made, and keys are asked for anew.`,
    'Everything shares the cores: the load, three services on the path, five others, PostgreSQL, Redis and Kafka.',
  ],
});
await stack.stop();
process.exit();

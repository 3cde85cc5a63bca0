/**
 * Purchases over HTTP through the ledger beside pgbench, which writes the same rows into the same tables one by one, without
 * HTTP and without announcing them. Spread over 20,000 members, and all on one. `node benchmarks/purchases.ts [--quick]`
 */
import { connect } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import { buy, buyOnce, signedBuyer } from './lib/buyers.ts';
import { checkLedger, fillLedger } from './lib/ledger-data.ts';
import { ms, times, whole } from './lib/numbers.ts';
import { keepSamples, writeOneByOne } from './lib/one-by-one.ts';
import { readOptions } from './lib/options.ts';
import { pgbench } from './lib/pgbench.ts';
import { needProgram } from './lib/programs.ts';
import { report } from './lib/report.ts';
import { takeTurns, type Side } from './lib/rounds.ts';
import { startStack } from './lib/stack.ts';
import type { Load } from './lib/wrk.ts';

const memberCount = 20_000;
const options = readOptions({ rounds: 3, seconds: 3 });
const counts = options.isQuick ? [1, 32] : [1, 8, 32, 64, 128];
const program = needProgram('pgbench');
const stack = await startStack({
  without: ['gateway', 'analytics', 'catalog', 'members', 'partners', 'staff', 'vouchers'],
});
const databaseUrl = databaseUrlOf('ledger', stack.facts);
const sql = connect(databaseUrl, { poolMax: 1, statementTimeoutMs: 120_000 });
const url = stack.urls.ledger;

const spread = await fillLedger(sql, memberCount);
await buyOnce(url, signedBuyer(stack, spread));
await keepSamples(sql, spread);
const scriptFor = await writeOneByOne(sql, spread);
const hot = { ...spread, members: spread.members.slice(0, 1) };

const sides = counts.flatMap((callers): Side<Load>[] =>
  [spread, hot].flatMap((of) => {
    const where = of === hot ? 'one account' : 'spread';
    const common = { seconds: options.seconds };
    return [
      {
        name: `ledger, ${where}, ${callers}`,
        run: () => buy({ ...common, urls: [url], buyers: [signedBuyer(stack, of)], callers }),
      },
      {
        name: `pgbench, ${where}, ${callers}`,
        run: () => pgbench({ ...common, program, databaseUrl, script: scriptFor(of.members.length), clients: callers }),
      },
    ];
  }),
);
// Plans are made and code is compiled before anything counts.
await buy({ urls: [url], buyers: [signedBuyer(stack, spread)], callers: 32, seconds: options.warmSeconds });
const found = await takeTurns(sides, options);
const entries = await checkLedger(sql, [spread.partnerId]);

const rateOf = (side: string, where: string, callers: number) => found.get(`${side}, ${where}, ${callers}`)!;
const ratio = (where: string, callers: number) =>
  rateOf('ledger', where, callers).perSecond / rateOf('pgbench', where, callers).perSecond;
const row = (where: string) => (callers: number) => {
  const [ledger, bench] = [rateOf('ledger', where, callers), rateOf('pgbench', where, callers)];
  return [
    ...[String(callers), whole(ledger.perSecond), whole(bench.perSecond), times(ledger.perSecond / bench.perSecond)],
    ...[`${ms(ledger.p50)} · ${ms(ledger.p99)}`, `${ms(bench.p50)} · ${ms(bench.p99)}`],
  ];
};
const columns = [
  'callers',
  'ledger over HTTP, a second',
  'pgbench, a second',
  'ratio',
  'ledger p50 · p99 ms',
  'pgbench p50 · p99 ms',
];
const best = (where: string) => Math.max(...counts.filter((count) => count >= 32).map((count) => ratio(where, count)));
report('purchases', options, {
  tables: [
    { title: `Purchases of ${whole(memberCount)} members`, columns, rows: counts.map(row('spread')) },
    { title: 'Purchases of one member', columns, rows: counts.map(row('one account')) },
  ],
  goals: [
    {
      goal: 'purchases over HTTP: ≥ 0.6 × pgbench one by one (32 callers)',
      measured: times(ratio('spread', 32)),
      isMet: ratio('spread', 32) >= 0.6,
    },
    {
      goal: 'on one hot account: ≥ 3 × pgbench (32 callers or more)',
      measured: `${times(ratio('one account', 32))} at 32, at best ${times(best('one account'))}`,
      isMet: ratio('one account', 32) >= 3,
    },
  ],
  plots: [
    {
      title: 'Purchases a second, spread',
      x: { title: 'callers', values: counts.map(String) },
      yTitle: 'a second',
      lines: ['ledger', 'pgbench'].map((side) => ({
        name: side,
        values: counts.map((count) => Math.round(rateOf(side, 'spread', count).perSecond)),
      })),
    },
    {
      title: 'Purchases a second, one account',
      x: { title: 'callers', values: counts.map(String) },
      yTitle: 'a second',
      lines: ['ledger', 'pgbench'].map((side) => ({
        name: side,
        values: counts.map((count) => Math.round(rateOf(side, 'one account', count).perSecond)),
      })),
    },
  ],
  notes: [
    `After all of it each balance is the sum of its entries and of its lots: ${whole(entries)} entries.`,
    'The ledger also publishes each purchase to Kafka meanwhile, which runs on the same cores.',
  ],
});
await sql.end();
await stack.stop();
process.exit();

/**
 * What the same work costs as data grow (5,000, 50,000 and 500,000 purchases in the books), and what more processes of the
 * ledger and of the gateway bring on this machine. `node benchmarks/growth.ts [--quick]`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listTransactions, memberBalance } from '@punchcard/contracts';
import { connect } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import { CALLER_HEADER } from '@punchcard/service-kit';
import { buy, buyOnce, signedBuyer, type Buyer } from './lib/buyers.ts';
import { partnerCaller, tokenOf } from './lib/caller.ts';
import { benchFolder } from './lib/folders.ts';
import { addMembers, checkLedger, fillLedger } from './lib/ledger-data.ts';
import { addHistory } from './lib/ledger-history.ts';
import { ms, times, whole } from './lib/numbers.ts';
import { keepSamples } from './lib/one-by-one.ts';
import { readOptions } from './lib/options.ts';
import { report, type Table } from './lib/report.ts';
import { takeTurns, type Side } from './lib/rounds.ts';
import { startMore, startStack } from './lib/stack.ts';
import { openTills } from './lib/tills.ts';
import { wrk, wrkAll, type Load } from './lib/wrk.ts';

const memberCount = 1_000;
const callers = 32;
const manyCallers = 64;
const readers = 16;

const options = readOptions({ rounds: 3, seconds: 3 });
const sizes = options.isQuick ? [2_000, 20_000] : [5_000, 50_000, 500_000];
const processCounts = options.isQuick ? [1, 2] : [1, 2, 3, 4];
const stack = await startStack({ without: ['analytics', 'staff'] });
const sql = connect(databaseUrlOf('ledger', stack.facts), { poolMax: 1, statementTimeoutMs: 300_000 });
const ledgerUrl = stack.urls.ledger;

const books = await fillLedger(sql, memberCount);
const { partnerId, cardId, members } = books;
const sampleOf = await fillLedger(sql, 1);
await buyOnce(ledgerUrl, signedBuyer(stack, sampleOf));
await keepSamples(sql, sampleOf);

/** GETs of one path of the ledger, as the gateway would send them. */
function read(path: string, query = ''): Promise<Load> {
  const call = { audience: 'ledger', method: 'GET', path };
  const file = join(benchFolder('run'), 'headers.txt');
  writeFileSync(
    file,
    `${CALLER_HEADER}: ${tokenOf(stack.facts.secrets.callerSecrets, partnerCaller(partnerId), call)}\n`,
  );
  return wrk({
    url: ledgerUrl,
    connections: readers,
    seconds: options.seconds,
    script: 'read',
    args: [`${path}${query}`, file],
  });
}

let filled = 0;
const balancePath = memberBalance.path.replace('{id}', members[0]!).replace('{cardId}', cardId);
const work: Side<Load>[] = [
  {
    name: `purchases, ${callers} callers`,
    run: () => buy({ urls: [ledgerUrl], buyers: [signedBuyer(stack, books)], callers, seconds: options.seconds }),
  },
  { name: `balance of a member, ${readers} callers`, run: () => read(balancePath) },
  {
    name: `newest transactions of the partner, ${readers} callers`,
    run: () => read(listTransactions.path, '?per_page=25'),
  },
  {
    name: `a page in the middle of that list, ${readers} callers`,
    run: () => read(listTransactions.path, `?page=${1 + Math.round(filled / 50)}`),
  },
];
// Plans are made and code is compiled before anything counts.
for (const { run } of work) await run(0);

const bySize = new Map<number, Map<string, Load>>();
for (const size of sizes) {
  process.stderr.write(`  filling up to ${whole(size)} purchases\n`);
  // By members of their own, of the same partner and card; what the measurements sell comes on top.
  const history = { ...books, members: await addMembers(sql, books, memberCount) };
  await addHistory(sql, history, Math.round((size - filled) / memberCount));
  filled = size;
  bySize.set(size, await takeTurns(work, options));
}
await checkLedger(sql, [partnerId]);

/** The same callers, shared among more and more processes. */
async function withProcesses(name: 'ledger' | 'gateway', run: (urls: string[]) => Promise<Load>): Promise<Load[]> {
  const urls = [stack.urls[name]];
  const stops: (() => Promise<void>)[] = [];
  const found: Load[] = [];
  for (const count of processCounts) {
    while (urls.length < count) {
      const more = await startMore(stack, name);
      urls.push(more.url);
      stops.push(more.stop);
    }
    // The new one compiles first.
    await run(urls);
    found.push(
      (await takeTurns([{ name: `${count} × ${name}`, run: () => run([...urls]) }], options)).get(
        `${count} × ${name}`,
      )!,
    );
  }
  await Promise.all(stops.map((stop) => stop()));
  return found;
}

const { seconds } = options;
const ledgers = await withProcesses('ledger', (urls) =>
  buy({ urls, buyers: [signedBuyer(stack, books)], callers: manyCallers, seconds }),
);
const runs = processCounts.length * (options.rounds + 1);
const { buyers } = await openTills(stack, { calls: runs * seconds * (options.isQuick ? 500 : 9_000) });
const gateways = await withProcesses('gateway', (urls) => askNewest(urls, buyers));

/** Each partner's newest transaction, through gateways, by all keys in turn. */
function askNewest(urls: readonly string[], of: readonly Buyer[]): Promise<Load> {
  return wrkAll(
    urls.map((url, n) => {
      const file = join(benchFolder('run'), `headers-${n}.txt`);
      const keys = of.filter((_, index) => index % urls.length === n);
      writeFileSync(file, keys.map(({ header, value }) => `${header}: ${value}`).join('\n'));
      const args = [`${listTransactions.path}?per_page=1`, file];
      return { url, connections: Math.round(manyCallers / urls.length), seconds, script: 'read', args };
    }),
  );
}

const cell = ({ perSecond, p50, p99 }: Load) => `${whole(perSecond)} (${ms(p50)} · ${ms(p99)})`;
const dataTable: Table = {
  title: 'As data grow: a second (p50 · p99 ms), one process of the ledger',
  columns: ['', ...sizes.map((size) => `${whole(size)} purchases`), 'rate, last to first'],
  rows: work.map(({ name }) => {
    const loads = sizes.map((size) => bySize.get(size)!.get(name)!);
    return [name, ...loads.map(cell), times(loads.at(-1)!.perSecond / loads[0]!.perSecond)];
  }),
};
const processTable: Table = {
  title: `As processes grow on this machine, ${manyCallers} callers: a second (p50 · p99 ms)`,
  columns: ['', ...processCounts.map(String), 'rate, last to first'],
  rows: (
    [
      ['ledger processes, purchases', ledgers],
      ['gateways before one ledger, newest transaction', gateways],
    ] as const
  ).map(([name, loads]) => [name, ...loads.map(cell), times(loads.at(-1)!.perSecond / loads[0]!.perSecond)]),
};
report('growth', options, {
  tables: [dataTable, processTable],
  plots: [
    {
      title: 'Calls a second as data grow',
      x: { title: 'purchases in the books', values: sizes.map(whole) },
      yTitle: 'a second',
      lines: work.map(({ name }) => ({
        name,
        values: sizes.map((size) => Math.round(bySize.get(size)!.get(name)!.perSecond)),
      })),
    },
    {
      title: 'Calls a second as processes grow',
      x: { title: 'processes', values: processCounts.map(String) },
      yTitle: 'a second',
      lines: [
        { name: 'ledgers: purchases', values: ledgers.map(({ perSecond }) => Math.round(perSecond)) },
        { name: 'gateways: newest transaction', values: gateways.map(({ perSecond }) => Math.round(perSecond)) },
      ],
    },
  ],
  notes: ['All processes, PostgreSQL, Kafka and the load share the cores of this machine.'],
});
await sql.end();
await stack.stop();
process.exit();

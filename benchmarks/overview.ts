/**
 * The overview of analytics over 100,000 and over 10,000,000 transactions of one partner. The data are made once (minutes)
 * and kept. `node benchmarks/overview.ts [--quick]`
 */
import { overview } from '@punchcard/contracts';
import { connect, type Sql } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import { CALLER_HEADER } from '@punchcard/service-kit';
import { fillAnalytics, type AnalyticsPartner } from './lib/analytics-data.ts';
import { officeCaller, tokenOf } from './lib/caller.ts';
import { ms, quantile, times, whole } from './lib/numbers.ts';
import { readOptions } from './lib/options.ts';
import { report } from './lib/report.ts';
import { takeTurns, type Side } from './lib/rounds.ts';
import { startStack } from './lib/stack.ts';

const questions = { 'without a period': '', 'of 30 days': '?date_range=30d', 'of twelve months': '?date_range=12m' };
const leastCalls = 5;

const options = readOptions({ rounds: 3, seconds: 5 });
const sizes = options.isQuick ? [10_000, 100_000] : [100_000, 10_000_000];
const stack = await startStack({
  ...{ isKept: true, folder: 'overview' },
  without: ['gateway', 'ledger', 'catalog', 'members', 'partners', 'staff', 'vouchers'],
});
const sql = connect(databaseUrlOf('analytics', stack.facts), { poolMax: 1, statementTimeoutMs: 900_000 });
const partners = await keptPartners(sql);

/** The answers of one question, one after another. */
async function ask({ partnerId }: AnalyticsPartner, query: string) {
  const taken: number[] = [];
  const until = performance.now() + options.seconds * 1_000;
  while (taken.length < leastCalls || performance.now() < until) {
    const call = { audience: 'analytics', method: 'GET', path: overview.path };
    const headers = { [CALLER_HEADER]: tokenOf(stack.facts.secrets.callerSecrets, officeCaller(partnerId), call) };
    const since = performance.now();
    const answer = await fetch(`${stack.urls.analytics}${overview.path}${query}`, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The overview answered ${answer.status}: ${text}`);
    taken.push(performance.now() - since);
  }
  return { p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) };
}

/** Those of an earlier run, while the tables are as they were then. */
async function keptPartners(database: Sql): Promise<AnalyticsPartner[]> {
  await database`create table if not exists bench_partners (partner_id uuid primary key, transactions bigint not null)`;
  const kept = await database<AnalyticsPartner[]>`select partner_id, transactions from bench_partners`;
  const found: AnalyticsPartner[] = [];
  for (const size of sizes) {
    let partner = kept.find(({ transactions }) => transactions === size);
    if (!partner) {
      partner = await fillAnalytics(database, size, (text) => process.stderr.write(`  ${text}\n`));
      await database`
        insert into bench_partners (partner_id, transactions)
        values (${partner.partnerId}, ${partner.transactions})
      `;
    }
    found.push(partner);
  }
  return found;
}

type Taken = { p50: number; p99: number };
const nameOf = (question: string, transactions: number) => `${question}, ${whole(transactions)}`;
const sides = Object.entries(questions).flatMap(([question, query]) =>
  partners.map((partner): Side<Taken> => ({
    name: nameOf(question, partner.transactions),
    run: () => ask(partner, query),
  })),
);
for (const { run } of sides) await run(0);
const found = await takeTurns(sides, options);
const of = (question: string, n: number) => found.get(nameOf(question, partners[n]!.transactions))!;
const [usual] = Object.keys(questions);
const [small, large] = [of(usual!, 0), of(usual!, 1)];

report('overview', options, {
  tables: [
    {
      title: 'Overview of one partner with 100 shops, one caller',
      columns: ['', ...partners.map(({ transactions }) => `p50 · p99 ms at ${whole(transactions)}`), 'grows'],
      rows: Object.keys(questions).map((question) => {
        const [less, more] = [of(question, 0), of(question, 1)];
        return [question, ...[less, more].map(({ p50, p99 }) => `${ms(p50)} · ${ms(p99)}`), times(more.p50 / less.p50)];
      }),
    },
  ],
  goals: [
    {
      goal: 'analytics overview: p99 ≤ 20 ms at 10,000,000 transactions',
      measured: `${ms(large.p99)} ms`,
      isMet: large.p99 <= 20,
    },
    {
      goal: 'and within 2 × between 100,000 and 10,000,000',
      measured: `p50 ${times(large.p50 / small.p50)}, p99 ${times(large.p99 / small.p99)}`,
      isMet: Math.max(large.p50 / small.p50, large.p99 / small.p99) <= 2,
    },
  ],
});
await sql.end();
await stack.stop();
process.exit();

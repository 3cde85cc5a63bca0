import type { Sql, Statement, Tx } from '@punchcard/database';

/** What one scan in the plan of a statement read of a table. */
export interface Scan {
  table: string;
  /** `Index Only Scan`, `Seq Scan`, … */
  by: string;
  /** Of all its loops, with those that its filter threw away. */
  rows: number;
  /** Of the table and its index. An index-only scan that passes over entries shows here alone: some 150 of them are a block. */
  blocks: number;
  /** Of an index-only scan: rows that it had to look up in the table. None after a vacuum. */
  heapFetches: number;
  /** Whether the statement is a `select count(*)`. */
  isCount: boolean;
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Heap Fetches'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

/** What the driver notes of a query when it sends it. Its version is pinned. */
interface Sent {
  string: string;
  statement: { name: string };
  parameters: (string | null)[];
}

/**
 * Runs `work` and says what the scans of each of its statements read, by `explain (analyze)` of the very statement that the driver
 * prepared: on a pool with `byKeyOnly` that is the generic plan of the lanes. All of it is rolled back. Throws when no table is read.
 */
export async function scansOf(sql: Sql, work: (sql: Sql & Tx) => Promise<unknown>): Promise<Scan[]> {
  const scans: Scan[] = [];
  const done = new Error('All of it is rolled back.');
  const inTransaction = async (tx: Tx) => {
    let last: Promise<unknown> = Promise.resolve();
    const make = (first: TemplateStringsArray, ...values: never[]) => {
      const statement = tx(first, ...values);
      if (!('raw' in first)) return statement;
      const run = async () => {
        Reflect.deleteProperty(statement, 'then'); // The driver waits for its answer, too.
        const { rows, read } = await explain(tx, statement);
        scans.push(...read);
        return rows;
      };
      // A part of another statement is never awaited itself; those that are sent together take turns.
      const takeTurn = () => {
        const turn = last.then(run, run);
        last = turn;
        return turn;
      };
      return Object.assign(statement, { then: (...then: never[]) => takeTurn().then(...then) });
    };
    const begin = (nested: (tx: unknown) => unknown) => nested(explaining);
    const explaining = Object.assign(make, tx, { begin }) as unknown as Sql & Tx;
    await work(explaining);
    throw done;
  };
  await sql.begin(inTransaction).catch((error: unknown) => {
    if (error !== done) throw error;
  });
  if (scans.length === 0) throw new Error('No table was read.');
  return scans;
}

/** Scans of a whole table, and those that read more than `most` rows, or the blocks of so many. Counts may read what they count. */
export const beyond = (most: number, scans: readonly Scan[]): Scan[] =>
  scans.filter(
    ({ by, rows, blocks, isCount }) => by === 'Seq Scan' || (!isCount && (rows > most || blocks > BLOCKS_A_ROW * most)),
  );

/** A row that is looked up by itself: the way down an index, its place in the table, and where the run that was undone had put it. */
const BLOCKS_A_ROW = 8;

/** Run twice, so that `work` has its rows; the first time is undone. */
async function explain(tx: Tx, statement: Statement) {
  await tx.unsafe('savepoint scan');
  const rows = await statement;
  await tx.unsafe('rollback to savepoint scan');
  const { string, statement: prepared, parameters } = statement as unknown as Sent;
  const values = parameters.map((text) => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`)).join(', ');
  const [row] = await tx.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
    `explain (analyze, buffers, format json) execute "${prepared.name}" ${values && `(${values})`}`,
  );
  const [{ Plan: plan }] = Object.values(row!)[0] as [{ Plan: Plan }];
  return { rows, read: scansIn(plan, /^\s*select count\(\*\)/.test(string)) };
}

function scansIn(plan: Plan, isCount: boolean): Scan[] {
  const { 'Node Type': by, 'Relation Name': table, Plans: parts = [] } = plan;
  const within = parts.flatMap((part) => scansIn(part, isCount));
  if (table === undefined || !by.endsWith('Scan')) return within;
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const scan = {
    ...{ table, by, isCount, heapFetches: plan['Heap Fetches'] ?? 0 },
    rows: Math.max(rowsOf(plan, removed), ...bitmapsOf(parts).map((part) => rowsOf(part))),
    blocks: blocksOf(plan) - parts.filter((part) => !isBitmap(part)).reduce((sum, part) => sum + blocksOf(part), 0),
  };
  return [scan, ...within];
}

const rowsOf = (plan: Plan, removed = 0): number => Math.ceil((plan['Actual Rows'] + removed) * plan['Actual Loops']);

const blocksOf = (plan: Plan): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];

const isBitmap = (plan: Plan): boolean => plan['Node Type'].startsWith('Bitmap');

/** What looks into indexes for a bitmap scan of a table. */
const bitmapsOf = (parts: readonly Plan[]): Plan[] =>
  parts.filter(isBitmap).flatMap((part) => [part, ...bitmapsOf(part.Plans ?? [])]);

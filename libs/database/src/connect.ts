import postgres from 'postgres';
import { createMaker, type Query } from './driver.ts';
import { shownToCallers } from './failures.ts';
import type { Line } from './line.ts';
import { createPool, poolOf, rememberPool, type Pool, type PoolStats } from './pool.ts';
import { openSession } from './session.ts';
import { traced } from './spans.ts';
import { begin } from './transaction.ts';

/** What our columns become: `bigint` a number, `date` a text. */
type Types = { bigint: number; day: string };

/** Where statements are sent: a pool or a transaction. For reads that may run on either. */
export interface Db extends postgres.ISql<Types> {
  /** For `jsonb` and `json` columns. Keys stay as they are. */
  json(value: unknown): postgres.Parameter;
  /** They would leave the transaction. */
  file: never;
  notify: never;
}

/** A transaction that is open. */
export interface Tx extends Db {
  readonly isTransaction: true;
}

/** A connection of one's own, for session locks. A lost one stays lost: every statement fails from then on. */
export interface Reserved extends Db {
  /** Gives it back to the pool; once. */
  release(): void;
}

/** A pool of connections. */
export interface Sql extends Db {
  /** What it was connected with. */
  readonly options: postgres.ParsedOptions<Types>;
  /** Runs `work` in a transaction. Its first statement travels with the `begin`; any failed statement rolls all of it back. */
  begin<T>(work: (tx: Tx) => T | Promise<T>): Promise<T>;
  reserve(): Promise<Reserved>;
  /** Waits for what is under way, at most `timeout` seconds (default 5), then closes. */
  end(options?: { timeout?: number }): Promise<void>;
}

/** A statement that is written but not sent: it is sent when somebody awaits it, or by `inBatch`. */
export type Statement = postgres.PendingQuery<postgres.Row[]>;

export interface ConnectOptions {
  poolMax?: number;
  applicationName?: string;
  /** Default 5,000. */
  statementTimeoutMs?: number;
  /** Default 2,000 with `byKeyOnly`, else that of statements. */
  lockTimeoutMs?: number;
  /**
   * For connections that only look up rows by key (lanes): plans are generic and made once, and never scan a table, even
   * if they were made while it was empty. Without, measured: 1.6 ms of planning a batch, or a quarter of the throughput.
   */
  byKeyOnly?: boolean;
}

const parseBigint = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The bigint ${text} does not fit a number.`);
  return value;
};

// In words, since postgres.js does not send `false`.
const byKey = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
};

/** Connects lazily; columns become camel case (keys inside jsonb stay), `bigint` a number, `date` a text `YYYY-MM-DD`. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const { poolMax = 10, applicationName = 'punchcard', statementTimeoutMs = 5_000, byKeyOnly = false } = options;
  const lockTimeoutMs = options.lockTimeoutMs ?? (byKeyOnly ? 2_000 : 0);
  const settings = {
    connect_timeout: 5,
    onnotice: () => undefined,
    transform: { column: { from: postgres.toCamel, to: postgres.fromCamel } },
    types: {
      bigint: { to: 20, from: [20], parse: parseBigint, serialize: String },
      day: { to: 1082, from: [1082], parse: (text: string) => text, serialize: String },
    },
    connection: {
      application_name: applicationName,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      jit: 'off',
      ...(byKeyOnly ? byKey : {}),
    },
  };
  return overPool(createPool(url, settings, poolMax));
}

function overPool(pool: Pool): Sql {
  const send = (query: Query) => {
    const sendOn = (line: Line) => {
      const release = () => pool.release(line);
      query.then(release, release);
      line.send(query);
    };
    pool.take().then(sendOn, query.reject);
  };

  const own = (query: Query): Query => {
    const { reject } = query;
    query.handler = send;
    query.reject = (error) => reject(shownToCallers(error));
    return traced(query);
  };

  const sql = Object.assign(createMaker(pool.pattern, own), {
    begin: (work: (tx: Tx) => unknown) => begin(pool, work),
    reserve: () => reserve(pool),
    end: ({ timeout = 5 } = {}) => pool.end(timeout),
  }) as unknown as Sql;
  rememberPool(sql, pool);
  return sql;
}

async function reserve(pool: Pool): Promise<Reserved> {
  const session = openSession(pool, 'select 1');
  const release = () => void session.end('select 1').catch(() => undefined);
  const reserved = Object.assign(session.make, { release });
  await reserved.unsafe('select 1');
  return reserved as unknown as Reserved;
}

/** For metrics: what the pool has, and who waits for it. */
export const poolStats = (sql: Sql): PoolStats => poolOf(sql).stats();

/** For readiness: throws when the database does not answer. */
export async function checkDatabase(sql: Sql): Promise<void> {
  await sql`select 1`;
}

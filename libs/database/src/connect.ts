import postgres from 'postgres';

/** What our columns become: `bigint` a number, `date` a text. */
type Types = { bigint: number; day: string };

/** A pool of connections. */
export type Sql = postgres.Sql<Types>;
/** A transaction that is open. */
export type Tx = postgres.TransactionSql<Types>;
/** A statement that is written but not sent: it is sent when somebody awaits it, or by `inBatch`. */
export type Statement = postgres.PendingQuery<postgres.MaybeRow[]>;

export interface ConnectOptions {
  poolMax?: number;
  applicationName?: string;
  /** Default 5,000. */
  statementTimeoutMs?: number;
  /** Default 2,000 with `byKeyOnly`, else none but the statement's. */
  lockTimeoutMs?: number;
  /**
   * For connections that only look up rows by key (lanes): plans are generic and made once, and never scan a table, even
   * if they were made while it was empty. Measured: 1.6 ms a batch for planning anew, or a quarter of the throughput.
   */
  byKeyOnly?: boolean;
}

const parseBigint = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`);
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
  return postgres(url, {
    max: poolMax,
    connect_timeout: 5,
    max_lifetime: null,
    // A server that restarts is met again within a second; the default waits up to 20.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
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
  });
}

/** For readiness: throws when the database does not answer. */
export async function checkDatabase(sql: Sql): Promise<void> {
  await sql`select 1`;
}

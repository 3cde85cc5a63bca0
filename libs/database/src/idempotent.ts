import { AppError, type IdempotencyKey } from '@punchcard/contracts';
import type { Db, Sql, Tx } from './connect.ts';
import { isTimeout } from './failures.ts';

export interface Work {
  data: unknown;
  status?: number | undefined;
  /** Top-level fields of `data` that are shown once: a replay has null there, and `secret_shown_once`. */
  secrets?: readonly string[] | undefined;
}

export interface Outcome {
  data: unknown;
  status?: number | undefined;
  replayed: boolean;
}

/** What is kept of the first use of a key. */
export interface Kept {
  requestHash: string;
  status: number | null;
  data: unknown;
  createdAt: Date;
}

/**
 * Runs `work` in a transaction, once for a key (contract 1.5); null = no key was sent. The key's row is inserted first, so a
 * repeat waits for the first and gets its answer: at most 5 s, then `IDEMPOTENCY_IN_FLIGHT`. Another request under the key is
 * `IDEMPOTENCY_KEY_REUSED`. When `work` throws nothing is kept, and the key is free.
 */
export function idempotent(sql: Sql, key: IdempotencyKey | null, work: (tx: Tx) => Promise<Work>): Promise<Outcome> {
  return sql.begin(async (tx) => {
    const kept = key && (await claim(tx, key));
    if (kept) return { data: kept.data, status: kept.status ?? undefined, replayed: true };
    const done = await work(tx);
    // Not awaited: it travels with the commit, which fails if this does.
    if (key) void keep(tx, key, done).execute();
    return { data: done.data, status: done.status, replayed: false };
  });
}

/**
 * What a committed request left under this key, before `idempotent` claims it: for a write that calls another service first,
 * which must not act for a request that is refused or only replayed. One that still runs is not seen.
 * @throws AppError IDEMPOTENCY_KEY_REUSED
 */
export async function findKept(
  db: Db,
  { partnerId, scope, key, requestHash }: IdempotencyKey,
): Promise<Kept | undefined> {
  const [kept] = await db<Kept[]>`
    select request_hash, status, data, created_at
    from idempotency_keys
    where partner_id = ${partnerId} and scope = ${scope} and key = ${key}
  `;
  if (kept && kept.requestHash !== requestHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', { details: { first_used_at: kept.createdAt.toISOString() } });
  }
  return kept;
}

type NamedKey = Omit<IdempotencyKey, 'requestHash'>;
export type KeptUnder = NamedKey & Omit<Kept, 'status'>;

/**
 * The same of many keys, for a batch that judges repeats by itself. One look-up a key, which `limit` enforces: the plan of a join that was
 * made while the table was small begins with the table, and reads all of it in every batch until somebody analyses it anew. (32
 * callers of the ledger on an analysed empty table: 760 purchases a second at the beginning, 338 after 20,000.)
 */
export async function findAllKept(db: Db, keys: readonly NamedKey[]): Promise<KeptUnder[]> {
  return db<KeptUnder[]>`
    select k.partner_id, k.scope, k.key, k.request_hash, k.data, k.created_at
    from unnest(
      ${keys.map(({ partnerId }) => partnerId)}::uuid[],
      ${keys.map(({ scope }) => scope)}::text[],
      ${keys.map(({ key }) => key)}::text[]
    ) as q (partner_id, scope, key)
    cross join lateral (
      select *
      from idempotency_keys k
      where k.partner_id = q.partner_id and k.scope = q.scope and k.key = q.key
      limit 1
    ) k
  `;
}

async function claim(tx: Tx, idempotency: IdempotencyKey): Promise<Kept | undefined> {
  const { partnerId, scope, key, requestHash } = idempotency;
  // All in one round trip; the time-outs are longer than usual for this one statement only.
  void tx.unsafe(`set local lock_timeout = '5s'; set local statement_timeout = '6s'`).execute();
  const claiming = tx`
    insert into idempotency_keys (partner_id, scope, key, request_hash)
    values (${partnerId}, ${scope}, ${key}, ${requestHash})
    on conflict do nothing
    returning true
  `.catch((error: unknown) => {
    throw isTimeout(error) ? new AppError('IDEMPOTENCY_IN_FLIGHT', { retryAfter: 1, cause: error }) : error;
  });
  void tx.unsafe('set local lock_timeout to default; set local statement_timeout to default').execute();
  const claimed = await claiming;
  if (claimed.length > 0) return undefined;
  return findKept(tx, idempotency);
}

const keep = (tx: Tx, { partnerId, scope, key }: IdempotencyKey, { data, status, secrets = [] }: Work) => tx`
  update idempotency_keys
  set status = ${status ?? null}, data = ${JSON.stringify(withoutSecrets(data, secrets) ?? null)}::text::json
  where partner_id = ${partnerId} and scope = ${scope} and key = ${key}
`;

const withoutSecrets = (data: unknown, secrets: readonly string[]): unknown =>
  secrets.length === 0 || typeof data !== 'object' || data === null
    ? data
    : { ...data, ...Object.fromEntries(secrets.map((name) => [name, null])), secret_shown_once: true };

import { AppError, type IdempotencyKey } from '@punchcard/contracts';
import type { Sql, Tx } from './connect.ts';
import { isTimeout } from './failures.ts';

export interface Work {
  data: unknown;
  status?: number | undefined;
  /** Top-level fields of `data` that are shown once: a replay has null there and `secret_shown_once`. */
  secrets?: readonly string[] | undefined;
}

export interface Outcome {
  data: unknown;
  status?: number | undefined;
  replayed: boolean;
}

interface Kept {
  requestHash: string;
  status: number | null;
  data: unknown;
  createdAt: Date;
}

/** Runs `work` in a transaction, once for a key: its row is inserted first, so a repeat waits for the first and gets its answer. */
export async function idempotent(
  sql: Sql,
  key: IdempotencyKey | null,
  work: (tx: Tx) => Promise<Work>,
): Promise<Outcome> {
  const outcome = await sql.begin(async (tx): Promise<Outcome> => {
    const kept = key && (await claim(tx, key));
    if (kept) return { data: kept.data, status: kept.status ?? undefined, replayed: true };
    const { data, status, secrets = [] } = await work(tx);
    if (key) {
      await tx`
        update idempotency_keys
        set status = ${status ?? null}, data = ${JSON.stringify(withoutSecrets(data, secrets))}::text::json
        where partner_id = ${key.partnerId} and scope = ${key.scope} and key = ${key.key}
      `;
    }
    return { data, status, replayed: false };
  });
  return outcome as Outcome;
}

async function claim(tx: Tx, { partnerId, scope, key, requestHash }: IdempotencyKey): Promise<Kept | undefined> {
  await tx`set local lock_timeout = '5s'`;
  await tx`set local statement_timeout = '6s'`;
  const claimed = await tx`
    insert into idempotency_keys (partner_id, scope, key, request_hash)
    values (${partnerId}, ${scope}, ${key}, ${requestHash})
    on conflict do nothing
    returning 1
  `.catch((error: unknown) => {
    throw isTimeout(error) ? new AppError('IDEMPOTENCY_IN_FLIGHT', { retryAfter: 1, cause: error }) : error;
  });
  if (claimed.length === 1) return undefined;
  const [kept] = await tx<Kept[]>`
    select request_hash, status, data, created_at
    from idempotency_keys
    where partner_id = ${partnerId} and scope = ${scope} and key = ${key}
  `;
  if (kept && kept.requestHash !== requestHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', { details: { first_used_at: kept.createdAt.toISOString() } });
  }
  return kept;
}

const withoutSecrets = (data: unknown, secrets: readonly string[]): unknown =>
  secrets.length === 0 || typeof data !== 'object' || data === null
    ? data
    : { ...data, ...Object.fromEntries(secrets.map((name) => [name, null])), secret_shown_once: true };

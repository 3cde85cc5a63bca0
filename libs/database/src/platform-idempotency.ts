import type { Sql } from './connect.ts';

/** Forgets keys that were first used before `before`, in steps that hold no lock for long. The contract keeps them 30 days. */
export async function sweepIdempotencyKeys(sql: Sql, before: Date): Promise<void> {
  for (let deleted = STEP; deleted === STEP;) {
    const rows = await sql`
      delete from idempotency_keys
      where (partner_id, scope, key) in (
        select partner_id, scope, key from idempotency_keys where created_at < ${before} limit ${STEP}
      )
    `;
    deleted = rows.count;
  }
}

const STEP = 5_000;

import type { Sql } from '@punchcard/database';
import type { BatchKey } from './rules.ts';

export interface DueBatch extends BatchKey {
  /** With this one. */
  attempts: number;
}

/**
 * Across partners: the batch that waits longest for its codes, now shown as running. One whose process died is among them: only
 * a transaction that makes codes holds its row.
 */
export async function takeDue(sql: Sql, now: Date): Promise<DueBatch | undefined> {
  const [due] = await sql<DueBatch[]>`
    update voucher_batches
    set status = 'running', attempts = attempts + 1, updated_at = ${now}
    where (partner_id, batch_id) in (
      select partner_id, batch_id
      from voucher_batches
      where status in ('queued', 'running') and due_at <= ${now}
      order by due_at
      limit 1
      for update skip locked
    )
    returning partner_id, batch_id, attempts
  `;
  return due;
}

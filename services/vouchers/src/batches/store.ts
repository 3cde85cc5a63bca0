import type { Tx } from '@punchcard/database';
import type { Terms } from '../vouchers/rules.ts';
import type { Batch, BatchKey } from './rules.ts';

/** A template as jsonb has it. */
type KeptTerms = Omit<Terms, 'validFrom' | 'validUntil'> & { validFrom: string | null; validUntil: string | null };
type BatchRow = Omit<Batch, 'template'> & { template: KeptTerms };

export async function insertBatch(tx: Tx, batch: Batch): Promise<void> {
  const row = {
    ...batch,
    template: tx.json(JSON.parse(JSON.stringify(batch.template))),
    failure: null,
    ...{ attempts: 0, dueAt: batch.createdAt },
  };
  await tx`insert into voucher_batches ${tx(row)}`;
}

/** A batch whose codes are still to be made, locked until commit; undefined when it is done, or another process makes them. */
export async function lockUnmade(tx: Tx, { partnerId, batchId }: BatchKey): Promise<Batch | undefined> {
  const [row] = await tx<BatchRow[]>`
    select partner_id, batch_id, name, status, count, prefix, pattern, template, job_id, failure, created_at, updated_at,
      completed_at
    from voucher_batches
    where partner_id = ${partnerId} and batch_id = ${batchId} and status in ('queued', 'running')
    for update skip locked
  `;
  return row && toBatch(row);
}

export async function markCompleted(tx: Tx, { partnerId, batchId }: BatchKey, now: Date): Promise<void> {
  await tx`
    update voucher_batches
    set status = 'completed', updated_at = ${now}, completed_at = ${now}
    where partner_id = ${partnerId} and batch_id = ${batchId}
  `;
}

export async function markFailed(
  tx: Tx,
  { partnerId, batchId, failure, now }: BatchKey & { failure: { code: string; message: string }; now: Date },
): Promise<void> {
  await tx`
    update voucher_batches
    set status = 'failed', failure = ${tx.json(failure)}, updated_at = ${now}
    where partner_id = ${partnerId} and batch_id = ${batchId}
  `;
}

/** Leaves it for a later try. */
export async function putOff(tx: Tx, { partnerId, batchId, dueAt }: BatchKey & { dueAt: Date }): Promise<void> {
  await tx`
    update voucher_batches
    set due_at = ${dueAt}
    where partner_id = ${partnerId} and batch_id = ${batchId} and status in ('queued', 'running')
  `;
}

const toBatch = ({ template, ...row }: BatchRow): Batch => ({ ...row, template: toTerms(template) });

const toTerms = ({ validFrom, validUntil, ...terms }: KeptTerms): Terms => ({
  ...terms,
  validFrom: validFrom === null ? null : new Date(validFrom),
  validUntil: validUntil === null ? null : new Date(validUntil),
});

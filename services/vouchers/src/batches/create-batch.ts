import type { PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { addToCount } from '../programme/store.ts';
import { requireTerms } from '../vouchers/require-terms.ts';
import { announceBatch } from './events.ts';
import { makeCodes } from './make-codes.ts';
import { requireRoomFor, type Batch } from './rules.ts';
import { insertBatch, markCompleted } from './store.ts';

export interface BatchCreation {
  batch: Batch;
  gates: PartnerGates;
  /** How many vouchers there are. */
  vouchers: number;
}

/** Takes the room of a batch, and makes its codes unless that is left to a job. */
export async function createBatch(tx: Tx, { batch, gates, vouchers }: BatchCreation) {
  const { partnerId, template, createdAt: now } = batch;
  requireRoomFor(gates, batch.count, vouchers);
  await requireTerms(tx, { partnerId, terms: template, path: 'template.', now });
  await insertBatch(tx, batch);
  await addToCount(tx, partnerId, batch.count);
  if (batch.jobId !== null) return { events: [] };
  await makeCodes(tx, batch, now);
  await markCompleted(tx, batch, now);
  return { events: [announceBatch(batch, now)] };
}

import { AppError } from '@punchcard/contracts';
import { Counter, Histogram } from 'prom-client';
import type { Outcome } from './batch-rules.ts';

const batchSize = new Histogram({
  name: 'punchcard_vouchers_batch_orders',
  help: 'Redemptions that one transaction decided.',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128],
});

const laneWait = new Histogram({
  name: 'punchcard_vouchers_lane_wait_seconds',
  help: 'How long a redemption waited in its lane until its batch began.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

const redemptions = new Counter({
  name: 'punchcard_vouchers_redemptions_total',
  help: 'Redemptions by outcome: redeemed, replayed (key), duplicate (order_reference), or the code of the refusal.',
  labelNames: ['outcome'],
});

const points = new Counter({
  name: 'punchcard_vouchers_points_total',
  help: 'Redemptions for points by what their callers were told: booked, or queued for the event.',
  labelNames: ['status'],
});

export function noteBatch(batch: readonly { since: number }[]): void {
  const now = performance.now();
  batchSize.observe(batch.length);
  for (const { since } of batch) laneWait.observe((now - since) / 1_000);
}

/** Counts how a redemption ends, and passes it on. */
export async function noted(redeeming: Promise<Outcome>): Promise<Outcome> {
  const outcome = await redeeming.catch((error: unknown) => {
    redemptions.inc({ outcome: error instanceof AppError ? error.code : 'INTERNAL_ERROR' });
    throw error;
  });
  redemptions.inc({ outcome: nameOf(outcome) });
  return outcome;
}

function nameOf({ data, replayed }: Outcome): string {
  if (replayed) return 'replayed';
  return data.duplicate ? 'duplicate' : 'redeemed';
}

export const notePoints = (status: string): void => points.inc({ status });

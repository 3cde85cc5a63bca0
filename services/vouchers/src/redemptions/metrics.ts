import { Counter, Histogram } from 'prom-client';

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

export const notePoints = (status: string): void => points.inc({ status });

import { AppError } from '@punchcard/contracts';
import { Counter, Histogram } from 'prom-client';
import type { Command, Outcome } from './rules.ts';

const batchSize = new Histogram({
  name: 'punchcard_ledger_batch_commands',
  help: 'Commands that one transaction booked.',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128],
});

const laneWait = new Histogram({
  name: 'punchcard_ledger_lane_wait_seconds',
  help: 'How long a command waited in its lane until its batch began.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

const commands = new Counter({
  name: 'punchcard_ledger_commands_total',
  help: 'Orders by kind and outcome: booked, replayed (key), duplicate (reference), or the code of the refusal.',
  labelNames: ['kind', 'outcome'],
});

export function noteBatch(batch: readonly { since: number }[]): void {
  const now = performance.now();
  batchSize.observe(batch.length);
  for (const { since } of batch) laneWait.observe((now - since) / 1_000);
}

export function noteOutcome({ kind }: Command, result: unknown): void {
  commands.inc({ kind, outcome: outcomeOf(result) });
}

function outcomeOf(result: unknown): string {
  if (result instanceof AppError) return result.code;
  if (result instanceof Error) return 'INTERNAL_ERROR';
  const { data, replayed } = result as Outcome<{ duplicate?: boolean } | null>;
  if (replayed) return 'replayed';
  return data?.duplicate ? 'duplicate' : 'booked';
}

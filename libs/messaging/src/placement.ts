import type { Sql } from '@punchcard/database';
import type { Assignment } from './consumer-run.ts';
import type { EndOffsets, PartitionEnds } from './end-offsets.ts';
import { Abandoned } from './failures.ts';
import type { Log } from './log.ts';
import { findOffsets, forgetOffsets, type AppliedOffset } from './platform-inbox.ts';
import { createBackOff, relay } from './retries.ts';
import { sleep } from './timing.ts';

interface PlacementOptions {
  sql: Sql;
  group: string;
  log: Log;
  endOffsets: EndOffsets;
}

/**
 * Where reading begins after partitions were assigned: where our own tables say that we are, whatever the broker remembers
 * of the group. So copies that were emptied or restored from a backup are brought up to date by themselves.
 */
export async function place(
  options: PlacementOptions,
  assigned: Assignment,
  signal: AbortSignal,
): Promise<AppliedOffset[]> {
  const { group, log } = options;
  const backOff = createBackOff(relay.backOffMs);
  for (let failures = 0; ; failures += 1) {
    if (signal.aborted) throw new Abandoned('The partitions were assigned anew.');
    try {
      return await positionsOf(options, assigned);
    } catch (error) {
      if (failures === 0) log.warn({ err: error, group }, 'consumer cannot find its position; trying until it can');
      await sleep(backOff.next(), signal);
    }
  }
}

async function positionsOf(
  { sql, group, log, endOffsets }: PlacementOptions,
  assigned: Assignment,
): Promise<AppliedOffset[]> {
  const [rows, { partitions }] = await Promise.all([findOffsets(sql, group), endOffsets.fresh()]);
  const known = new Map(rows.map((row) => [`${row.topic} ${row.partition}`, row]));
  const mine = partitions.filter(({ topic, partition }) => assigned.get(topic)?.includes(partition));
  const positions = mine.map((ends) => startOf(ends, known.get(`${ends.topic} ${ends.partition}`)));
  const shorter = partitions.filter(
    ({ topic, partition, high }) => high < (known.get(`${topic} ${partition}`)?.nextOffset ?? 0),
  );
  if (shorter.length > 0) {
    const topics = [...new Set(shorter.map(({ topic }) => topic))];
    log.warn({ group, topics }, 'topics are shorter than what was applied: they were made anew, reading all');
    await forgetOffsets(sql, group, topics);
  }
  return positions;
}

/** After what was applied; from the first message if that is gone, or if the topic was made anew and is shorter. */
export function startOf(
  { topic, partition, low, high }: PartitionEnds,
  known: AppliedOffset | undefined,
): AppliedOffset {
  const applied = known?.nextOffset ?? 0;
  const nextOffset = applied > high ? low : Math.max(applied, low);
  return { topic, partition, nextOffset, eventTime: known?.eventTime ?? null };
}

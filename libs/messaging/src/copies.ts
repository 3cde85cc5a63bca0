import { topics as contract, type Marks, type Topic } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Applied } from './apply.ts';
import type { EndOffsets, Ends, PartitionEnds } from './end-offsets.ts';
import { createHighWaters } from './high-waters.ts';
import { findOffsets, findSequences, type AppliedOffset } from './platform-inbox.ts';
import { copies as settings } from './retries.ts';
import { sleep, within } from './timing.ts';

/** How new the copies are that a consumer keeps. */
export interface Copies {
  /** Waits until everything that the marks name is applied; false when it took too long. Marks of others do not count. */
  waitFor(marks: Marks, partnerId: string, timeoutMs?: number): Promise<boolean>;
  /**
   * Waits until everything that is on the topics by now is applied. False when that took too long or Kafka cannot be read:
   * nobody knows then whether something is missing, and the caller answers 503.
   */
  caughtUp(topics: readonly Topic[], timeoutMs?: number): Promise<boolean>;
  /** The instant up to which all events are applied, for `as_of` and `lag_seconds`; of a second ago at worst. Takes some 200 ms at most. */
  progress(now?: Date): Promise<Progress>;
}

export interface Progress {
  asOf: Date;
  lagSeconds: number;
}

/** What the consumer tells its copies. */
export interface CopiesKeeper extends Copies {
  applied(applied: Applied): void;
  /** The positions at which reading begins, after partitions were assigned. */
  placed(offsets: readonly AppliedOffset[]): void;
  /** How many events this process has not applied, of the partitions it knows. */
  lagOf(ends: Ends): ReadonlyMap<Topic, number>;
  /** A look-up that somebody made; `progress` is judged by it too. */
  looked(ends: Ends): Promise<void>;
}

interface CopiesOptions {
  sql: Sql;
  group: string;
  topics: readonly Topic[];
  endOffsets: EndOffsets;
  /** How long is waited, if a call does not say. */
  waitMs: number;
}

const SEEN_MS = 250;
/** An older look-up is waited for. With 250 ms a reader who asks all the time waited for one in every 25 answers: its p99. */
const WAIT_AFTER_MS = 1_000;

export function createCopies({ sql, group, topics, endOffsets, waitMs }: CopiesOptions): CopiesKeeper {
  // Facts have no marks: their sequences are those of accounts.
  const sources = new Set<string>(topics.filter((topic) => contract[topic].kind === 'reference'));
  const positions = new Map<string, AppliedOffset>();
  const sequences = createHighWaters({ pollMs: settings.pollMs, poll: (keys) => pollSequences(sql, keys) });
  const offsets = createHighWaters({
    pollMs: settings.pollMs,
    poll: async () => new Map((await findOffsets(sql, group)).map((offset) => [keyOf(offset), offset.nextOffset])),
  });
  const freshness = createFreshness({ endOffsets, find: (ends) => findPositions({ sql, group, positions, ends }) });

  return {
    waitFor: async (marks, partnerId, timeoutMs = waitMs) => {
      const reached = Object.entries(marks)
        .filter(([source]) => sources.has(source))
        .map(([source, sequence]) => sequences.reached(markOf(partnerId, source), sequence, timeoutMs));
      return (await Promise.all(reached)).every(Boolean);
    },
    caughtUp: async (wanted, timeoutMs = waitMs) => {
      const until = performance.now() + timeoutMs;
      const ends = await within(timeoutMs, untilRead(endOffsets, until));
      if (!ends) return false;
      const reached = ends.partitions
        .filter((end) => wanted.includes(end.topic) && !isEmpty(end))
        .map((end) => offsets.reached(keyOf(end), end.high, until - performance.now()));
      return (await Promise.all(reached)).every(Boolean);
    },
    progress: (now) => freshness.progress(now),
    applied: (applied) => {
      for (const { partnerId, source, sequence } of applied.sequences) {
        sequences.note(markOf(partnerId, source), sequence);
      }
      for (const offset of applied.offsets) {
        const key = keyOf(offset);
        positions.set(key, { ...offset, eventTime: offset.eventTime ?? positions.get(key)?.eventTime ?? null });
        offsets.note(key, offset.nextOffset);
      }
    },
    placed: (placed) => {
      for (const key of positions.keys()) offsets.forget(key);
      positions.clear();
      for (const offset of placed) {
        positions.set(keyOf(offset), offset);
        offsets.forget(keyOf(offset));
        offsets.note(keyOf(offset), offset.nextOffset);
      }
    },
    lagOf: (ends) => lagOf(ends, positions),
    looked: freshness.looked,
  };
}

const markOf = (partnerId: string, source: string): string => `${partnerId} ${source}`;

async function pollSequences(sql: Sql, keys: readonly string[]): Promise<Map<string, number>> {
  const partnerIds = new Set(keys.map((key) => key.split(' ')[0]!));
  const rows = await findSequences(sql, [...partnerIds]);
  return new Map(rows.map(({ partnerId, source, sequence }) => [markOf(partnerId, source), sequence]));
}

function lagOf({ partitions }: Ends, positions: ReadonlyMap<string, AppliedOffset>): Map<Topic, number> {
  const lags = new Map<Topic, number>();
  for (const end of partitions) {
    const position = positions.get(keyOf(end));
    if (position) lags.set(end.topic, (lags.get(end.topic) ?? 0) + Math.max(0, end.high - position.nextOffset));
  }
  return lags;
}

/** A look-up that worked: a leader that moves, or a connection that was closed, is tried again while there is time. */
async function untilRead(endOffsets: EndOffsets, until: number): Promise<Ends | undefined> {
  while (performance.now() < until) {
    const ends = await endOffsets.fresh().catch(() => undefined);
    if (ends) return ends;
    await sleep(settings.lookUpEveryMs);
  }
  return undefined;
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic} ${partition}`;

const isEmpty = ({ low, high }: PartitionEnds): boolean => low === high;

interface FreshnessOptions {
  endOffsets: EndOffsets;
  find: (ends: Ends) => Promise<ReadonlyMap<string, AppliedOffset>>;
}

/** Follows the instant up to which everything is applied; it never goes back. */
function createFreshness({ endOffsets, find }: FreshnessOptions) {
  let latest: Ends | undefined;
  let asOf = new Date(0);

  const judge = async (ends: Ends): Promise<void> => {
    const at = appliedUntil(ends, await find(ends));
    if (at > asOf) asOf = at;
  };

  // In a busy stream something is always just arriving; but all of the look-up before may be applied by now.
  const judgeLatest = async (): Promise<void> => {
    if (latest) await judge(latest);
  };

  const looked = async (ends: Ends): Promise<void> => {
    await judgeLatest();
    latest = ends;
    await judge(ends);
  };

  let looking: Promise<void> | undefined;
  const lookAnew = (): Promise<void> => {
    looking ??= endOffsets
      .fresh()
      .then(looked)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  const look = async (): Promise<void> => {
    await judgeLatest();
    const age = latest ? Date.now() - latest.at.getTime() : Infinity;
    if (age < SEEN_MS) return;
    const anew = lookAnew();
    if (age > WAIT_AFTER_MS) await anew;
    // Kafka is away: who waits next is told.
    else anew.catch(() => undefined);
  };

  return {
    looked,
    progress: async (now = new Date()): Promise<Progress> => {
      // Kafka is away, or slow: what was known before is still true.
      await within(SEEN_MS, look()).catch(() => undefined);
      return { asOf, lagSeconds: Math.max(0, (now.getTime() - asOf.getTime()) / 1_000) };
    },
  };
}

/** The time of the look-up if all of it is applied, else that of the last applied event in the partition furthest behind. */
export function appliedUntil({ at, partitions }: Ends, positions: ReadonlyMap<string, AppliedOffset>): Date {
  const behind = partitions.filter((end) => !isEmpty(end) && (positions.get(keyOf(end))?.nextOffset ?? 0) < end.high);
  const times = behind.map((end) => positions.get(keyOf(end))?.eventTime?.getTime() ?? 0);
  return new Date(Math.min(at.getTime(), ...times));
}

interface FindOptions {
  sql: Sql;
  group: string;
  positions: ReadonlyMap<string, AppliedOffset>;
  ends: Ends;
}

/** From memory, if all partitions are read here; else with what other instances wrote down. */
async function findPositions({
  sql,
  group,
  positions,
  ends,
}: FindOptions): Promise<ReadonlyMap<string, AppliedOffset>> {
  if (ends.partitions.every((end) => isEmpty(end) || positions.has(keyOf(end)))) return positions;
  const rows = await findOffsets(sql, group);
  return new Map([...rows.map((row) => [keyOf(row), row] as const), ...positions]);
}

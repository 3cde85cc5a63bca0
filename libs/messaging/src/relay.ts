import { topics, type Topic } from '@punchcard/contracts';
import { connect, sweepIdempotencyKeys, type Db, type Reserved, type Sql } from '@punchcard/database';
import { createHighWaters, type HighWaters } from './high-waters.ts';
import { isKafkaError, type KafkaClient } from './kafka.ts';
import type { Log } from './log.ts';
import { outboxAge, outboxUnsent, relayActive, relayFailures } from './metrics.ts';
import {
  findPublished,
  findUnsent,
  markSent,
  measureUnsent,
  sweepSent,
  tryLock,
  type UnsentRow,
} from './platform-outbox.ts';
import { createHook, type Hook } from './relay-hook.ts';
import { createSender } from './relay-sender.ts';
import { copies, createBackOff, relay as settings, sweepEveryMs } from './retries.ts';
import { createBell, every, sleep, unlessAborted } from './timing.ts';

/** An event that the broker has acknowledged. */
export type SentEvent = Omit<UnsentRow, 'id' | 'data' | 'traceparent'> & { data: unknown };

export interface RelayOptions {
  /** The service's pool: for sweeps, gauges and `published`. */
  sql: Sql;
  /** The relay has a connection of its own, which holds the lock; default: where `sql` connects to (without TLS). */
  databaseUrl?: string;
  kafka: KafkaClient;
  /** The service; the last part of `source` in every envelope. */
  source: string;
  log: Log;
  /** Called after the broker's acknowledgement, at least once an event, in order; repeated until it succeeds. */
  onSent?: (events: readonly SentEvent[]) => Promise<void>;
}

export interface RelayStats {
  /** Whether this instance holds the lock and sends. */
  isActive: boolean;
  sent: number;
  failures: number;
  unsent: number;
  oldestSeconds: number;
}

export interface Relay {
  start(): void;
  /** Finishes the round under way and gives the lock to another instance. */
  stop(): Promise<void>;
  /** Call after a commit that announced something: sends at once instead of at the next poll. */
  nudge(): void;
  /** Whether the partner's reference data up to `sequence` is on its topic, waiting up to `timeoutMs` (`copiesWaitMs`), whoever relays. */
  published(partnerId: string, sequence: number, timeoutMs?: number): Promise<boolean>;
  stats(): Promise<RelayStats>;
}

interface State extends RelayOptions {
  bell: ReturnType<typeof createBell>;
  stopping: AbortController;
  sender: ReturnType<typeof createSender>;
  hook: Hook;
  waters: HighWaters;
  isActive: boolean;
  sent: number;
  failures: number;
}

/**
 * Sends the rows of the outbox to their topics, in order, at least once. One instance of a source does, the holder of an
 * advisory lock; the others stand by. Survives an absence of the database or of Kafka of any length.
 */
export function createRelay(options: RelayOptions): Relay {
  const { sql, kafka, source, log, onSent } = options;
  const stopping = new AbortController();
  const state: State = {
    ...options,
    bell: createBell(),
    stopping,
    sender: createSender({ kafka, source }),
    hook: createHook({ onSent, log, stopping: stopping.signal }),
    waters: createHighWaters({ poll: (partnerIds) => findPublished(sql, partnerIds), pollMs: copies.pollMs }),
    isActive: false,
    sent: 0,
    failures: 0,
  };
  const onError = (error: unknown) => log.warn({ err: error, source }, 'upkeep of the outbox failed');
  const upkeep: { stop(): void }[] = [];
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= run(state);
      upkeep.push(
        every(settings.measureEveryMs, () => measure(state), onError),
        every(sweepEveryMs, () => sweepSent(sql, daysAgo(settings.keepSentDays)), onError),
        every(sweepEveryMs, () => sweepIdempotencyKeys(sql, daysAgo(settings.keepKeysDays)), onError),
      );
    },
    stop: async () => {
      for (const job of upkeep) job.stop();
      stopping.abort();
      state.bell.ring();
      await running;
      await state.sender.close();
    },
    nudge: () => state.bell.ring(),
    published: (partnerId, sequence, timeoutMs = kafka.copiesWaitMs) =>
      state.waters.reached(partnerId, sequence, timeoutMs),
    stats: async () => {
      const { count, oldest } = await measureUnsent(sql);
      return {
        isActive: state.isActive,
        sent: state.sent,
        failures: state.failures,
        unsent: count,
        oldestSeconds: ageOf(oldest),
      };
    },
  };
}

/** Takes the lock, relays until the connection fails, and begins again with a new one. Kafka's failures keep the lock. */
async function run(state: State): Promise<void> {
  const { source, log, stopping } = state;
  const backOff = createBackOff(settings.backOffMs);
  while (!stopping.signal.aborted) {
    const pool = connect(state.databaseUrl ?? urlOf(state.sql), {
      poolMax: 1,
      applicationName: `relay ${source}`,
      byKeyOnly: true,
    });
    let session: Reserved | undefined;
    try {
      // The lock lives and ends with this connection: once lost, all its statements fail.
      session = await pool.reserve();
      if (!(await waitForLock(session, state))) return;
      backOff.reset();
      setActive(state, true);
      log.info({ source }, 'relay is active');
      state.sender.connectAhead();
      await relayRows(session, state);
    } catch (error) {
      state.failures += 1;
      relayFailures.inc({ source, part: 'database' });
      log.warn({ err: error, source }, 'relay lost its database; it will connect again');
      await sleep(backOff.next(), stopping.signal);
    } finally {
      setActive(state, false);
      session?.release();
      await pool.end({ timeout: 1 });
    }
  }
}

async function waitForLock(session: Db, { source, stopping }: State): Promise<boolean> {
  while (!stopping.signal.aborted) {
    if (await tryLock(session, source)) return true;
    await sleep(settings.lockEveryMs, stopping.signal);
  }
  return false;
}

async function relayRows(session: Db, state: State): Promise<void> {
  const { bell, stopping } = state;
  let marking: Promise<void> | undefined;
  // A mark that a crash of the database loses is a duplicate, which consumers know; so it need not wait for the disk.
  await session`set synchronous_commit = off`;
  while (!stopping.signal.aborted) {
    const beganAt = performance.now();
    // Sent together with the mark before it, and answered after it: the same connection.
    const [rows] = await Promise.all([findUnsent(session), marking]);
    marking = undefined;
    if (rows.length === 0) {
      await bell.wait(settings.pollMs);
    } else if (await sendForSure(rows, state)) {
      const ids = rows.map(({ id }) => id);
      marking = markSent(session, ids, new Date());
      if (rows.length === settings.batchRows) continue;
      const restMs = settings.roundMs - (performance.now() - beganAt);
      await Promise.all([marking, restMs > 0 && sleep(restMs, stopping.signal)]);
    }
  }
  await marking;
}

/** Sends rows however long Kafka is away; false when the relay is stopped meanwhile. */
async function sendForSure(rows: readonly UnsentRow[], state: State): Promise<boolean> {
  const { source, log, stopping, sender, hook, waters } = state;
  const backOff = createBackOff(settings.backOffMs);
  for (let failures = 0; !stopping.signal.aborted; failures += 1) {
    try {
      const isSent = await unlessAborted(
        sender.send(rows).then(() => true),
        stopping.signal,
        settings.graceMs,
      );
      if (!isSent) return false;
      if (failures > 0) log.info({ source, failures }, 'Kafka is back: the outbox is sent');
      state.sent += rows.length;
      for (const row of rows) if (isReference(row.topic)) waters.note(row.partnerId, row.sequence);
      await hook.call(rows);
      return true;
    } catch (error) {
      state.failures += 1;
      relayFailures.inc({ source, part: isKafkaError(error) ? 'kafka' : 'other' });
      if (failures === 0) log.warn({ err: error, source }, 'the outbox cannot be sent; trying until it can');
      await sleep(backOff.next(), stopping.signal);
    }
  }
  return false;
}

const isReference = (topic: string): boolean => topics[topic as Topic]?.kind === 'reference';

function setActive(state: State, isActive: boolean): void {
  const { source } = state;
  state.isActive = isActive;
  relayActive.set({ source }, isActive ? 1 : 0);
  if (isActive) return;
  outboxUnsent.remove({ source });
  outboxAge.remove({ source });
}

async function measure({ sql, source, isActive }: State): Promise<void> {
  if (!isActive) return;
  const { count, oldest } = await measureUnsent(sql);
  outboxUnsent.set({ source }, count);
  outboxAge.set({ source }, ageOf(oldest));
}

const ageOf = (oldest: Date | null): number =>
  oldest === null ? 0 : Math.max(0, (Date.now() - oldest.getTime()) / 1_000);

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

/** Where a pool connects to. */
function urlOf({ options: { host, port, database, user, pass } }: Sql): string {
  const url = new URL(`postgres://${host[0]}:${port[0]}/${encodeURIComponent(database)}`);
  url.username = encodeURIComponent(user);
  if (typeof pass === 'string') url.password = encodeURIComponent(pass);
  return url.href;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@punchcard/service-kit';
import { auditEntryOf, trailsOf, type AuditEntry, type Ended } from './audit-rules.ts';

export interface AuditBuffer {
  add(ended: Ended): void;
  stats(): { waiting: number; dropped: number };
  /** Sends what is waiting, within a bound. */
  close(): Promise<void>;
}

export interface AuditBufferOptions {
  /** Puts entries of one partner each on the topic; rejects when it cannot. */
  send: (batches: ReadonlyMap<string, AuditEntry[]>) => Promise<void>;
  log: Log;
  now?: () => number;
}

interface Kept {
  ended: Ended;
  atMs: number;
}

/** Often, so that what one flush costs delays nobody: 500 ms of a busy gateway are some 40 ms of JSON and checksums. */
const FLUSH_MS = 50;
const KEPT_MS = 60_000;
const MAX_KEPT = 100_000;
const MAX_AT_ONCE = 5_000;
/** A Kafka that is away must not keep the gateway from stopping. */
const CLOSE_MS = 2_000;
const WARN_EVERY_MS = 10_000;

/** What waits to be put on the audit topic. When Kafka is away for over a minute the oldest is dropped and counted; calls never wait. */
export function createAuditBuffer({ send, log, now = Date.now }: AuditBufferOptions): AuditBuffer {
  let waiting: Kept[] = [];
  let dropped = 0;
  let warnedAt = -Infinity;
  let sending: Promise<void> | undefined;

  const dropOld = (): void => {
    const oldest = now() - KEPT_MS;
    const firstKept = waiting.findIndex(({ atMs }) => atMs >= oldest);
    const tooOld = firstKept === -1 ? waiting.length : firstKept;
    const gone = Math.max(tooOld, waiting.length - MAX_KEPT);
    if (gone === 0) return;
    waiting = waiting.slice(gone);
    dropped += gone;
    if (now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = now();
    log.error({ dropped }, 'Audit entries were dropped: Kafka has been away for over a minute');
  };

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const part = waiting.splice(0, MAX_AT_ONCE);
      try {
        await send(byPartner(part));
      } catch {
        waiting = [...part, ...waiting];
        return dropOld();
      }
    }
  };
  const flushOnce = (): Promise<void> => (sending ??= flush().finally(() => (sending = undefined)));
  const timer = setInterval(() => {
    dropOld();
    void flushOnce();
  }, FLUSH_MS);
  timer.unref();

  return {
    add(ended) {
      waiting.push({ ended, atMs: now() });
      if (waiting.length > MAX_KEPT * 1.1) dropOld();
    },
    stats: () => ({ waiting: waiting.length, dropped }),
    close: async () => {
      clearInterval(timer);
      await Promise.race([flushOnce(), sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function byPartner(part: readonly Kept[]): Map<string, AuditEntry[]> {
  const batches = new Map<string, AuditEntry[]>();
  for (const { ended, atMs } of part) {
    const entry = auditEntryOf(ended, new Date(atMs));
    for (const partnerId of trailsOf(ended)) {
      const batch = batches.get(partnerId);
      if (batch) batch.push(entry);
      else batches.set(partnerId, [entry]);
    }
  }
  return batches;
}

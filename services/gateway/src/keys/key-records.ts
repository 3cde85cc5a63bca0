import { hash } from 'node:crypto';
import type { KeyRecord } from '@punchcard/contracts';
import { keyHash, type Log } from '@punchcard/service-kit';
import type { KnownKey } from './known-key.ts';
import { createLookUps, type AskPartners } from './look-ups.ts';
import { createShelf, type Entry } from './record-shelf.ts';

export interface KeyRecordsOptions {
  ask: AskPartners;
  toKnownKey: (record: KeyRecord) => KnownKey;
  pepper: string;
  log: Log;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

export interface KeyRecords {
  /** The key, null when there is none, undefined when it is not known yet. A promise when it is but must be asked for again. */
  find(kind: KeyRecord['kind'], key: string): KnownKey | null | undefined | Promise<KnownKey | null>;
  /** Asks `partners`. Rejects when it cannot be asked. */
  ask(kind: KeyRecord['kind'], key: string): Promise<KnownKey | null>;
  /** Forgets a key, or all keys of a partner. */
  forget(id: string): void;
  /** Asks again for each key before it serves the next time: notices may have been lost. */
  doubtAll(): void;
  /** How many are known, and how many could not be refreshed when it was time. */
  stats(): { known: number; failedRefreshes: number };
  close(): void;
}

const REFRESH_AFTER_MS = 20_000;
const FRESH_MS = 25_000;
const SERVED_WITHOUT_PARTNERS_MS = 15 * 60_000;
const RETRY_AFTER_MS = 1_000;
/** After a failed look-up `partners` counts as down for this long. */
const DOWN_MS = 2_000;
const WARN_EVERY_MS = 10_000;
const SWEEP_MS = 60_000;

/** Keys as this gateway knows them (design §3.1): fresh for 25 s, refreshed from 20 s, for 15 min when `partners` cannot be reached. */
export function createKeyRecords(options: KeyRecordsOptions): KeyRecords {
  const { ask, toKnownKey, pepper, now = () => performance.now() } = options;
  const shelf = createShelf(now);
  const { lookUp, invalidate } = createLookUps({ ask, toKnownKey, shelf, now });
  const failures = createFailureCount(options.log, now);

  const refresh = async (index: string, entry: Entry): Promise<KnownKey | null> => {
    try {
      return await lookUp({ index, kind: entry.kind, hmac: entry.hmac });
    } catch (error) {
      if (now() - entry.freshAt > SERVED_WITHOUT_PARTNERS_MS) throw error;
      entry.failedAt = now();
      failures.note(error);
      return entry.known;
    }
  };

  const serve = (index: string, entry: Entry): KnownKey | Promise<KnownKey | null> => {
    const age = now() - entry.freshAt;
    if (age < REFRESH_AFTER_MS) return entry.known;
    const sinceFailure = now() - entry.failedAt;
    const isDown = sinceFailure < DOWN_MS && age < SERVED_WITHOUT_PARTNERS_MS;
    if (isDown && sinceFailure < RETRY_AFTER_MS) return entry.known;
    // One call a second tries again, and nobody waits for its time-out.
    if (isDown) entry.failedAt = now();
    const refreshing = refresh(index, entry);
    if (age >= FRESH_MS && !isDown) return refreshing;
    refreshing.catch(() => {});
    return entry.known;
  };

  const sweep = setInterval(() => {
    for (const [index, { freshAt }] of shelf.entries) {
      if (now() - freshAt > SERVED_WITHOUT_PARTNERS_MS) shelf.remove(index);
    }
  }, SWEEP_MS);
  sweep.unref();

  return {
    find(kind, key) {
      const index = indexOf(kind, key);
      const entry = shelf.entries.get(index);
      if (entry) return serve(index, entry);
      return shelf.isUnknown(index) ? null : undefined;
    },
    ask: (kind, key) => lookUp({ index: indexOf(kind, key), kind, hmac: keyHash(pepper, key) }),
    forget(id) {
      invalidate();
      shelf.removeById(id);
    },
    doubtAll() {
      invalidate();
      for (const entry of shelf.entries.values()) entry.freshAt = Math.min(entry.freshAt, now() - FRESH_MS);
    },
    stats: () => ({ known: shelf.entries.size, failedRefreshes: failures.count() }),
    close: () => clearInterval(sweep),
  };
}

/** A plain hash: it costs a tenth of the HMAC and, of 40 random digits, tells as little. */
const indexOf = (kind: KeyRecord['kind'], key: string): string => kind + hash('sha256', key, 'base64');

function createFailureCount(log: Log, now: () => number) {
  let count = 0;
  let warnedAt = -Infinity;
  return {
    count: () => count,
    note(error: unknown): void {
      count++;
      if (now() - warnedAt < WARN_EVERY_MS) return;
      warnedAt = now();
      log.warn({ err: error, times: count }, 'Key records cannot be refreshed; known keys are served as they were');
    },
  };
}

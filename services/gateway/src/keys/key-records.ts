import { hash } from 'node:crypto';
import type { KeyRecord } from '@punchcard/contracts';
import { keyHash, type Log } from '@punchcard/service-kit';
import type { KnownKey } from './known-key.ts';
import { createLookUps, type AskPartners } from './look-ups.ts';
import { createShelf, type Entry, type Shelf } from './record-shelf.ts';

export interface KeyRecordsOptions {
  ask: AskPartners;
  toKnownKey: (record: KeyRecord) => KnownKey;
  pepper: string;
  log: Log;
  ages?: Partial<Ages>;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
}

/** How long a record serves, in milliseconds since it was read. */
export interface Ages {
  /** From here on, or up to a quarter earlier, it is refreshed in the background. */
  refresh: number;
  /** From here on callers wait a moment for that. */
  fresh: number;
  /** The end, when `partners` cannot be reached. */
  withoutPartners: number;
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

const defaultAges: Ages = { refresh: 20_000, fresh: 25_000, withoutPartners: 15 * 60_000 };
/** As long as a look-up takes a `partners` that is there, many times over; one that hangs must not hold up known keys. */
const WAIT_MS = 250;
const RETRY_AFTER_MS = 1_000;
/** After a failed look-up `partners` counts as down for this long. */
const DOWN_MS = 2_000;
const WARN_EVERY_MS = 10_000;
const SWEEP_MS = 60_000;

/** Keys as this gateway knows them (design §3.1): fresh for 25 s, refreshed from 20 s or a little before, for 15 min without `partners`. */
export function createKeyRecords(options: KeyRecordsOptions): KeyRecords {
  const ages = { ...defaultAges, ...options.ages };
  const { ask, toKnownKey, pepper, now = () => performance.now(), random = Math.random } = options;
  const shelf = createShelf(now);
  const { lookUp, invalidate } = createLookUps({ ask, toKnownKey, shelf, now, random });
  const failures = createFailureCount(options.log, now);
  const serve = createServing({ lookUp, shelf, ages, failures, now });
  const sweep = setInterval(() => {
    for (const [index, { freshAt }] of shelf.entries) {
      if (now() - freshAt > ages.withoutPartners) shelf.remove(index);
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
      for (const entry of shelf.entries.values()) entry.freshAt = Math.min(entry.freshAt, now() - ages.fresh);
    },
    stats: () => ({ known: shelf.entries.size, failedRefreshes: failures.count() }),
    close: () => clearInterval(sweep),
  };
}

/** A plain hash: it costs a tenth of the HMAC and, of 40 random digits, tells as little. */
const indexOf = (kind: KeyRecord['kind'], key: string): string => kind + hash('sha256', key, 'base64');

interface Serving extends Pick<ReturnType<typeof createLookUps>, 'lookUp'> {
  shelf: Shelf;
  ages: Ages;
  failures: ReturnType<typeof createFailureCount>;
  now: () => number;
}

/** Serves what is on the shelf, and sees to it that it does not get old there. */
function createServing({ lookUp, shelf, ages, failures, now }: Serving) {
  const refresh = async (index: string, entry: Entry): Promise<KnownKey | null> => {
    try {
      return await lookUp({ index, kind: entry.kind, hmac: entry.hmac });
    } catch (error) {
      failures.note(error);
      // What was forgotten meanwhile was changed, and is not served as it was.
      const kept = shelf.entries.get(index);
      if (!kept || now() - kept.freshAt > ages.withoutPartners) throw error;
      kept.failedAt = now();
      return kept.known;
    }
  };

  return (index: string, entry: Entry): KnownKey | Promise<KnownKey | null> => {
    const age = now() - entry.freshAt;
    if (age < ages.refresh * (1 - entry.haste / 4)) return entry.known;
    const sinceFailure = now() - entry.failedAt;
    const isDown = sinceFailure < DOWN_MS && age < ages.withoutPartners;
    if (isDown && sinceFailure < RETRY_AFTER_MS) return entry.known;
    // One call a second tries again, and nobody waits for its time-out.
    if (isDown) entry.failedAt = now();
    const refreshing = refresh(index, entry);
    if (age >= ages.withoutPartners) return refreshing;
    // Those who do not wait for it to the end need not hear how it ended.
    refreshing.catch(() => {});
    if (age < ages.fresh || isDown) return entry.known;
    return atMost(WAIT_MS, refreshing, () => {
      const kept = shelf.entries.get(index);
      if (kept) kept.failedAt = now();
      return kept?.known ?? refreshing;
    });
  };
}

/** What `promise` gives, or `otherwise` when that takes longer. */
async function atMost<T>(ms: number, promise: Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.resolve(otherwise()), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

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

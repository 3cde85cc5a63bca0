import type { Log } from '@punchcard/service-kit';

export interface UsedKey {
  key_id: string;
  at: string;
}

export interface KeyUse {
  note(keyId: string): void;
  /** When a key was last used here before now, if it is known; exact to a minute. */
  lastUsedAt(keyId: string): string | null;
  /** Sends what is waiting. Keeps it when it cannot be sent. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyUseOptions {
  /** Tells `partners`. */
  record: (used: UsedKey[]) => Promise<unknown>;
  log: Log;
  now?: () => number;
}

const FLUSH_MS = 30_000;
const MINUTE_MS = 60_000;
const MAX_AT_ONCE = 10_000;
const MAX_KEPT = 100_000;

/** When keys were last used, to the minute, told to `partners` every 30 s: a write per call would cost more than the call. */
export function createKeyUse({ record, log, now = Date.now }: KeyUseOptions): KeyUse {
  const used = new Map<string, number>();
  const waiting = new Set<string>();

  const lastUsedAt = (keyId: string): string | null => {
    const at = used.get(keyId);
    return at === undefined ? null : new Date(at).toISOString();
  };

  const flush = async (): Promise<void> => {
    const keyIds = [...waiting].slice(0, MAX_AT_ONCE);
    for (const keyId of keyIds) waiting.delete(keyId);
    const telling = keyIds.flatMap((keyId) => {
      const at = lastUsedAt(keyId);
      return at === null ? [] : { key_id: keyId, at };
    });
    if (telling.length === 0) return;
    try {
      await record(telling);
    } catch (error) {
      // What was forgotten meanwhile has nothing left to tell.
      for (const keyId of keyIds) if (used.has(keyId)) waiting.add(keyId);
      log.warn({ err: error, keys: waiting.size }, 'The last use of keys could not be recorded; it is kept');
    }
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();

  return {
    note(keyId) {
      const minute = now() - (now() % MINUTE_MS);
      if (used.get(keyId) === minute) return;
      used.delete(keyId);
      used.set(keyId, minute);
      waiting.add(keyId);
      if (used.size <= MAX_KEPT) return;
      const oldest = used.keys().next().value!;
      used.delete(oldest);
      waiting.delete(oldest);
    },
    lastUsedAt,
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

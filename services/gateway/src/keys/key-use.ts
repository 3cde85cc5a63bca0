import type { Log } from '@punchcard/service-kit';

export interface Used {
  /** Of a key, or of whoever it belongs to. */
  id: string;
  at: string;
}

export interface KeyUse {
  note(id: string): void;
  /** When it was last used here before now, if that is known; exact to a minute. */
  lastUsedAt(id: string): string | null;
  /** Sends what is waiting. Keeps it when it cannot be sent. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyUseOptions {
  /** Tells whoever keeps it. */
  record: (used: Used[]) => Promise<unknown>;
  log: Log;
  now?: () => number;
}

const FLUSH_MS = 30_000;
const MINUTE_MS = 60_000;
const MAX_AT_ONCE = 10_000;
const MAX_KEPT = 100_000;

/** When keys were last used, to the minute, told every 30 s to who keeps it: a write per call would cost more than the call. */
export function createKeyUse({ record, log, now = Date.now }: KeyUseOptions): KeyUse {
  const used = new Map<string, number>();
  const waiting = new Set<string>();

  const lastUsedAt = (id: string): string | null => {
    const at = used.get(id);
    return at === undefined ? null : new Date(at).toISOString();
  };

  const flush = async (): Promise<void> => {
    const ids = [...waiting].slice(0, MAX_AT_ONCE);
    for (const id of ids) waiting.delete(id);
    const telling = ids.flatMap((id) => {
      const at = lastUsedAt(id);
      return at === null ? [] : { id, at };
    });
    if (telling.length === 0) return;
    try {
      await record(telling);
    } catch (error) {
      // What was forgotten meanwhile has nothing left to tell.
      for (const id of ids) if (used.has(id)) waiting.add(id);
      log.warn({ err: error, waiting: waiting.size }, 'The last use of keys could not be recorded; it is kept');
    }
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();

  return {
    note(id) {
      const minute = now() - (now() % MINUTE_MS);
      if (used.get(id) === minute) return;
      used.delete(id);
      used.set(id, minute);
      waiting.add(id);
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

import { sleep } from './timing.ts';

export interface HighWatersOptions {
  /** Asks the database how far the given keys are, for what this process did not do itself. */
  poll: (keys: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  pollMs: number;
  /** Keys remembered; the one that was not noted for longest is forgotten first. */
  capacity?: number;
}

/** How far something is, by key: a number that only grows, and those who wait for it. */
export interface HighWaters {
  get(key: string): number | undefined;
  note(key: string, value: number): void;
  /** Forgets a key, for what may also go back (the offset of a topic that was made anew). */
  forget(key: string): void;
  /** True as soon as the key is at `value`: in memory, or by the database, which is asked only while somebody waits. */
  reached(key: string, value: number, timeoutMs: number): Promise<boolean>;
}

interface Waiter {
  value: number;
  resolve: (isReached: boolean) => void;
}

export function createHighWaters({ poll, pollMs, capacity = 50_000 }: HighWatersOptions): HighWaters {
  const values = new Map<string, number>();
  const waiters = new Map<string, Set<Waiter>>();
  let polling: Promise<void> | undefined;

  const note = (key: string, value: number) => {
    const highest = Math.max(value, values.get(key) ?? value);
    values.delete(key);
    values.set(key, highest);
    if (values.size > capacity) values.delete(values.keys().next().value!);
    for (const waiter of waiters.get(key) ?? []) if (highest >= waiter.value) waiter.resolve(true);
  };

  // The first question comes a moment later: mostly the news is on its way through this very process.
  const pollWhileWaiting = async () => {
    for (await sleep(pollMs); waiters.size > 0; await sleep(pollMs)) {
      const known = await poll([...waiters.keys()]).catch(() => new Map<string, number>());
      for (const [key, value] of known) note(key, value);
    }
    polling = undefined;
  };

  const reached = async (key: string, value: number, timeoutMs: number): Promise<boolean> => {
    if ((values.get(key) ?? -1) >= value) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { value, resolve };
    const others = waiters.get(key) ?? new Set<Waiter>();
    waiters.set(key, others.add(waiter));
    const timer = setTimeout(resolve, timeoutMs, false);
    polling ??= pollWhileWaiting();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      others.delete(waiter);
      if (others.size === 0 && waiters.get(key) === others) waiters.delete(key);
    }
  };

  return { get: (key) => values.get(key), note, forget: (key) => void values.delete(key), reached };
}

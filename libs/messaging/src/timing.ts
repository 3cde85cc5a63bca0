/** Sleeps without keeping the process alive; an aborted signal ends it early. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** What `promise` gives within `ms`, else undefined; a later failure is nobody's. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  promise.catch(() => undefined);
  const timer = Promise.withResolvers<undefined>();
  const timeout = setTimeout(timer.resolve, Math.max(ms, 0), undefined);
  try {
    return await Promise.race([promise, timer.promise]);
  } finally {
    clearTimeout(timeout);
  }
}

/** What `promise` gives, or undefined `graceMs` after the signal was aborted: it may finish, but not take for ever. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, graceMs = 0): Promise<T | undefined> {
  promise.catch(() => undefined);
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(resolve, graceMs, undefined);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** A bell for one sleeper. Rung while nobody sleeps, it ends the next sleep at once, so no ring is lost. */
export function createBell() {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: (): void => {
      isRung = true;
      wake?.();
    },
    wait: async (ms: number): Promise<void> => {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      isRung = false;
    },
  };
}

/** Runs `work` every `ms`, one at a time, until stopped. Its failures are told to `onError`. */
export function every(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): { stop(): void } {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

import type { Log } from '@punchcard/messaging';

export interface Job {
  /** Resolves when the run under way has ended. */
  stop(): Promise<void>;
}

interface JobOptions {
  name: string;
  /** Between the end of a run and the next; 0 is waited when a run says that there is more to do. */
  everyMs: number;
  log: Log;
}

/** Runs something again and again, one run at a time. A run that fails is logged, and the next comes all the same. */
export function repeat(run: () => Promise<boolean | void>, { name, everyMs, log }: JobOptions): Job {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const hasMore = await run().catch((error: unknown) => {
        log.warn({ err: error, job: name }, 'a run failed; the next comes in its time');
        return false;
      });
      if (!hasMore) await sleep(everyMs, stopping.signal);
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

import { setTimeout } from 'node:timers/promises';
import type { Log } from './log.ts';

export interface Job {
  /** Resolves when the run under way has ended. */
  stop(): Promise<void>;
}

interface JobOptions {
  /** For the log. */
  name: string;
  /** Between the end of a run and the next; a run that says there is more to do is followed at once. */
  everyMs: number;
  log: Pick<Log, 'warn'>;
}

/** Runs something again and again, one run at a time. A run that fails is logged, and the next comes all the same. */
export function repeat(run: () => Promise<boolean | void>, { name, everyMs, log }: JobOptions): Job {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async () => {
    while (!signal.aborted) {
      const hasMore = await run().catch((error: unknown) => {
        log.warn({ err: error, job: name }, 'a run failed; the next comes in its time');
        return false;
      });
      if (!hasMore) await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

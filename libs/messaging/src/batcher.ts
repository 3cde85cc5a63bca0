import type { Received } from './dead-letters.ts';
import { sleep } from './timing.ts';

interface Waiting {
  messages: readonly Received[];
  signal: AbortSignal;
  resolve: () => void;
  reject: (error: unknown) => void;
}

type Run = (messages: readonly Received[], signal: AbortSignal) => Promise<void>;

export interface BatcherOptions {
  run: Run;
  maxBatch: number;
  /** How long after the beginning of a transaction of these messages the next ones are read at the earliest. */
  gatherMs?: (messages: readonly Received[]) => number;
}

/**
 * Puts the messages of several partitions into one transaction: what arrives while one is under way forms the next. So a
 * fetch that brings a message for each of twelve partitions is one commit, and two transactions of a consumer never meet.
 */
export function createBatcher({ run, maxBatch, gatherMs = () => 0 }: BatcherOptions) {
  const queue: Waiting[] = [];
  let working: Promise<void> | undefined;

  const work = async () => {
    // All partitions of a fetch are handed over in one turn of the event loop: let them in.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = takeBatch(queue, maxBatch);
      const { signal } = batch[0]!;
      const messages = batch.flatMap((waiting) => waiting.messages);
      const nextAt = performance.now() + gatherMs(messages);
      try {
        await run(messages, signal);
        // Who submitted them reads on then; what others submit does not wait.
        void until(nextAt, signal).then(() => {
          for (const { resolve } of batch) resolve();
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    working = undefined;
  };

  return {
    /** At most `maxBatch` messages of one partition; resolves when they are dealt with. */
    submit: (messages: readonly Received[], signal: AbortSignal): Promise<void> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.push({ messages, signal, resolve, reject });
      working ??= work();
      return promise;
    },
  };
}

async function until(time: number, signal: AbortSignal): Promise<void> {
  const ms = time - performance.now();
  if (ms > 0) await sleep(ms, signal);
}

function takeBatch(queue: Waiting[], maxBatch: number): Waiting[] {
  const { signal } = queue[0]!;
  let total = 0;
  const end = queue.findIndex(({ messages, signal: other }, n) => {
    total += messages.length;
    return n > 0 && (other !== signal || total > maxBatch);
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}

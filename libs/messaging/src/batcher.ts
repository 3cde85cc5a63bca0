import type { Received } from './dead-letters.ts';

interface Waiting {
  messages: readonly Received[];
  signal: AbortSignal;
  resolve: () => void;
  reject: (error: unknown) => void;
}

type Run = (messages: readonly Received[], signal: AbortSignal) => Promise<void>;

/**
 * Puts the messages of several partitions into one transaction: what arrives while one is under way forms the next. So a
 * fetch that brings a message for each of twelve partitions is one commit, and two transactions of a consumer never meet.
 */
export function createBatcher(run: Run, maxBatch: number) {
  const queue: Waiting[] = [];
  let working: Promise<void> | undefined;

  const work = async () => {
    // All partitions of a fetch are handed over in one turn of the event loop: let them in.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = takeBatch(queue, maxBatch);
      try {
        await run(
          batch.flatMap(({ messages }) => messages),
          batch[0]!.signal,
        );
        for (const { resolve } of batch) resolve();
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

function takeBatch(queue: Waiting[], maxBatch: number): Waiting[] {
  const { signal } = queue[0]!;
  let total = 0;
  const end = queue.findIndex(({ messages, signal: other }, n) => {
    total += messages.length;
    return n > 0 && (other !== signal || total > maxBatch);
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}

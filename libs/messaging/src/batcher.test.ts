import { describe, expect, it } from '@jest/globals';
import { createBatcher } from './batcher.ts';
import type { Received } from './dead-letters.ts';

const messages = (partition: number, ...offsets: number[]): Received[] =>
  offsets.map((offset) => ({ topic: 'catalog', partition, offset, key: null, value: null, headers: {} }));
const { signal } = new AbortController();

describe('the batcher', () => {
  it('makes one batch of what one turn brings, and another of what came meanwhile', async () => {
    const runs: number[] = [];
    const held = Promise.withResolvers<void>();
    const run = async (batch: readonly Received[]) => {
      runs.push(batch.length);
      if (runs.length === 1) await held.promise;
    };
    const { submit } = createBatcher({ run, maxBatch: 10 });
    const first = [submit(messages(0, 1, 2), signal), submit(messages(1, 7), signal)];
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = [submit(messages(0, 3), signal), submit(messages(1, 8), signal)];
    held.resolve();
    await Promise.all([...first, ...second]);
    expect(runs).toEqual([3, 2]);
  });

  it('never runs two batches at once, nor more than fit, nor those of another assignment', async () => {
    const runs: number[] = [];
    let running = 0;
    const run = async (batch: readonly Received[]) => {
      expect((running += 1)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      runs.push(batch.length);
      running -= 1;
    };
    const { submit } = createBatcher({ run, maxBatch: 4 });
    await Promise.all([
      submit(messages(0, 1, 2, 3), signal),
      submit(messages(1, 1), signal),
      submit(messages(2, 1), signal),
      submit(messages(3, 1), new AbortController().signal),
    ]);
    expect(runs).toEqual([4, 1, 1]);
  });

  it('tells all of a batch of its failure, and goes on', async () => {
    let isBroken = true;
    const run = () => (isBroken ? Promise.reject(new Error('away')) : Promise.resolve());
    const { submit } = createBatcher({ run, maxBatch: 10 });
    const outcomes = await Promise.allSettled([submit(messages(0, 1), signal), submit(messages(1, 1), signal)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    await submit(messages(0, 1), signal);
  });

  describe('that gathers', () => {
    const gathering = () => createBatcher({ run: () => Promise.resolve(), maxBatch: 10, gatherMs: () => 60 });

    it('lets nobody read on before the time is over', async () => {
      const since = performance.now();
      await gathering().submit(messages(0, 1), signal);
      expect(performance.now() - since).toBeGreaterThan(55);
    });

    it('runs what others submit meanwhile at once', async () => {
      const runs: number[] = [];
      const run = (batch: readonly Received[]) => Promise.resolve(void runs.push(batch[0]!.offset));
      const { submit } = createBatcher({ run, maxBatch: 10, gatherMs: () => 60_000 });
      const stopping = new AbortController();
      const first = submit(messages(0, 1), stopping.signal);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const second = submit(messages(1, 2), stopping.signal);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(runs).toEqual([1, 2]);
      stopping.abort();
      await Promise.all([first, second]);
    });
  });
});

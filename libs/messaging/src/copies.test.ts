import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Sql } from '@punchcard/database';
import { createCopies } from './copies.ts';
import type { Ends } from './end-offsets.ts';

/** Copies of an empty topic, whose first look-up was made `ageMs` ago and whose second one never ends. */
async function givenLookUp(ageMs: number) {
  const partitions = [{ topic: 'catalog' as const, partition: 0, low: 0, high: 0 }];
  const at = new Date(Date.now() - ageMs);
  let lookUps = 0;
  const fresh = () => (++lookUps === 1 ? Promise.resolve({ at, partitions }) : new Promise<Ends>(() => undefined));
  const endOffsets = { fresh, close: () => Promise.resolve() };
  const copies = createCopies({
    sql: undefined as unknown as Sql,
    group: 'g',
    topics: ['catalog'],
    endOffsets,
    waitMs: 1_000,
  });
  await copies.progress();
  const since = Date.now();
  const asked = copies.progress().then(({ asOf }) => ({ asOf, tookMs: Date.now() - since }));
  await jest.advanceTimersByTimeAsync(1_000);
  const { asOf, tookMs } = await asked;
  return { tookMs, lookUps, isOfTheFirst: asOf.getTime() === at.getTime() };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('who asks how new copies are', () => {
  it.each([
    ['is told by a look-up of just now', 100, { lookUps: 1, isHeldUp: false }],
    ['of a moment ago too, while the next is made', 500, { lookUps: 2, isHeldUp: false }],
    ['waits for the next when that is long ago, but not for ever', 5_000, { lookUps: 2, isHeldUp: true }],
  ])('%s', async (_, ageMs, { lookUps, isHeldUp }) => {
    const asked = await givenLookUp(ageMs);
    expect(asked).toMatchObject({ lookUps, isOfTheFirst: true });
    expect(asked.tookMs > 200).toBe(isHeldUp);
  });
});

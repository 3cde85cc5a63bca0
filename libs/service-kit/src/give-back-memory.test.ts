import { getHeapSpaceStatistics } from 'node:v8';
import { expect, it } from '@jest/globals';
import { giveBackMemory } from './give-back-memory.ts';

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')!.physical_space_size;

it('makes the young generation small again that much work let grow', () => {
  const kept = Array.from({ length: 500_000 }, (_, n) => ({ n }));
  expect(kept).toHaveLength(500_000);
  const grown = youngBytes();

  giveBackMemory();

  expect(youngBytes()).toBeLessThan(Math.min(grown, 4 * 2 ** 20));
});

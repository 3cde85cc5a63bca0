import { describe, expect, it } from '@jest/globals';
import { appliedUntil } from './copies.ts';
import { startOf } from './placement.ts';
import type { AppliedOffset } from './platform-inbox.ts';

const ends = (partition: number, low: number, high: number) => ({ topic: 'catalog' as const, partition, low, high });
const position = (partition: number, nextOffset: number, time?: string): AppliedOffset => ({
  topic: 'catalog',
  partition,
  nextOffset,
  eventTime: time === undefined ? null : new Date(time),
});

describe('reading begins', () => {
  it.each([
    ['at the first message, for new tables', ends(0, 0, 9), undefined, 0],
    ['at the first message that is still there', ends(0, 4, 9), undefined, 4],
    ['after what was applied', ends(0, 0, 9), position(0, 7), 7],
    ['at the end, when all was applied', ends(0, 0, 9), position(0, 9), 9],
    ['at the first that is there, when those to come are gone', ends(0, 5, 9), position(0, 2), 5],
    ['at the first, when the topic was made anew and is shorter', ends(0, 0, 3), position(0, 7), 0],
  ])('%s', (...[, partition, known, expected]) => expect(startOf(partition, known).nextOffset).toBe(expected));
});

describe('everything is applied', () => {
  const at = new Date('2026-03-08T10:00:00Z');
  const until = (partitions: ReturnType<typeof ends>[], positions: AppliedOffset[]) =>
    appliedUntil(
      { at, partitions },
      new Map(positions.map((one) => [`${one.topic} ${one.partition}`, one])),
    ).toISOString();

  it('up to the look-up, when all positions are at the ends it saw', () => {
    expect(until([ends(0, 0, 3), ends(1, 5, 5)], [position(0, 3, '2026-03-01T00:00:00Z')])).toBe(at.toISOString());
  });

  it('up to the last applied event of the partition furthest behind, else', () => {
    const positions = [position(0, 2, '2026-03-08T09:59:00Z'), position(1, 1, '2026-03-08T09:58:00Z')];
    expect(until([ends(0, 0, 3), ends(1, 0, 2)], positions)).toBe('2026-03-08T09:58:00.000Z');
  });

  it('not at all, when nothing of a partition was applied', () => {
    expect(until([ends(0, 0, 3)], [])).toBe('1970-01-01T00:00:00.000Z');
  });
});

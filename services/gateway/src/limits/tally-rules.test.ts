import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketAt, firstCounted, leavesAt } from './rules.ts';
import { addTo, createTally, nextLeaves, retime, slide } from './tally-rules.ts';

const windowMs = 60_000;

describe('a tally', () => {
  it('keeps its rows in order, its total right and nothing below zero, whatever is added, taken back and left', () => {
    const change = fc.record({ bucket: fc.nat(150), calls: fc.integer({ min: -20, max: 20 }), slideTo: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const tally = createTally();
        const kept = new Map<number, number>();
        for (const { bucket, calls, slideTo } of changes) {
          addTo(tally, bucket, calls);
          kept.set(bucket, Math.max(0, (kept.get(bucket) ?? 0) + calls));
          const now = slideTo * 600;
          slide(tally, now, windowMs);
          for (const each of kept.keys()) if (each < firstCounted(now, windowMs)) kept.delete(each);
        }
        const expected = [...kept].filter(([, count]) => count > 0).toSorted(([a], [b]) => a - b);

        expect(tally.rows.map(({ bucket, count }) => [bucket, count])).toEqual(expected);
        expect(tally.total).toBe(expected.reduce((sum, [, count]) => sum + count, 0));
      }),
    );
  });

  it('says when its oldest call leaves', () => {
    const tally = createTally();
    expect(nextLeaves(tally, windowMs)).toBeNull();

    addTo(tally, 20, 3);
    addTo(tally, 10, 1);
    expect(nextLeaves(tally, windowMs)).toBe(leavesAt(10, windowMs));
  });

  it('that was kept by a guessed clock counts all of it now', () => {
    const tally = createTally();
    addTo(tally, 1, 3);
    addTo(tally, 2, 4);

    retime(tally, 1e12, windowMs);

    expect(tally).toEqual({ total: 7, rows: [{ bucket: bucketAt(1e12, windowMs), count: 7 }] });
  });
});

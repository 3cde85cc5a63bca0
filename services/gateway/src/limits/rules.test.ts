import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bucketAt,
  bucketMsOf,
  earliest,
  firstCounted,
  latest,
  leaseSizeOf,
  leavesAt,
  levels,
  newcomerShareOf,
  secondsUntil,
  shareOf,
} from './rules.ts';

const hourMs = 3_600_000;

describe('buckets', () => {
  it.each([
    ['an hour', hourMs, 36_000],
    ['a minute', 60_000, 600],
    ['a window shorter than its buckets could be', 50, 1],
    ['a window that does not divide by a hundred', 12_345, 124],
  ])('of %s are one percent of it', (_name, windowMs, bucketMs) => {
    expect(bucketMsOf(windowMs)).toBe(bucketMs);
  });

  it('count for as long as any of their calls is within the window, and at most a bucket longer', () => {
    fc.assert(
      fc.property(fc.nat(2e12), fc.integer({ min: 100, max: 1e8 }), fc.nat(2e8), (calledAt, windowMs, laterMs) => {
        const bucket = bucketAt(calledAt, windowMs);
        const isCounted = bucket >= firstCounted(calledAt + laterMs, windowMs);

        if (laterMs <= windowMs) expect(isCounted).toBe(true);
        if (laterMs >= windowMs + bucketMsOf(windowMs)) expect(isCounted).toBe(false);
        expect(isCounted).toBe(calledAt + laterMs < leavesAt(bucket, windowMs));
      }),
    );
  });
});

describe('leaseSizeOf', () => {
  it.each([
    [10_000, 25],
    [2_000, 5],
    [1_000, 2],
    [399, 0],
  ])('of a quota of %i is %i calls', (quota, size) => {
    expect(leaseSizeOf(quota)).toBe(size);
  });
});

describe('secondsUntil', () => {
  it.each([
    ['rounds up', 1_001, 2],
    ['is exact', 3_000, 3],
    ['is at least one', 0, 1],
    ['is at least one for what is past', -5_000, 1],
  ])('%s', (_name, ms, seconds) => {
    expect(secondsUntil(1e12 + ms, 1e12)).toBe(seconds);
  });
});

describe('newcomerShareOf', () => {
  it('is one percent, or one call', () => {
    expect(newcomerShareOf(10_000)).toBe(100);
    expect(newcomerShareOf(30)).toBe(1);
  });
});

describe('shareOf', () => {
  it('leaves room for two newcomers: if theirs was free, all of them fit into what was, whatever each had heard of it', () => {
    const heardBy = fc.array(fc.nat(levels), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(100_000), heardBy, (quota, used, heard) => {
        const free = Math.max(0, quota - used);
        const trueLevel = Math.floor((free * levels) / quota);
        const shares = heard.map((level) =>
          shareOf({ quota, level: Math.min(level, trueLevel), gateways: heard.length }),
        );
        const sum = shares.reduce((a, b) => a + b, 0);
        const newcomers = 2 * newcomerShareOf(quota);

        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        expect(sum + newcomers).toBeLessThanOrEqual(Math.max(free, newcomers));
      }),
    );
  });
});

describe('the time of Redis, carried forward', () => {
  it('lies between the earliest and the latest, however long ago Redis was asked and however the clocks drift', () => {
    fc.assert(
      fc.property(
        fc.record({ wayThere: fc.nat(500), wayBack: fc.nat(500), since: fc.nat(24 * hourMs) }),
        fc.double({ min: -2e-4, max: 2e-4, noNaN: true }),
        ({ wayThere, wayBack, since }, drift) => {
          const answered = { redisMs: 1e12, sentMs: 5_000 - wayThere, receivedMs: 5_000 + wayBack, isGuess: false };
          const nowMs = 5_000 + wayBack + since;
          const shownByRedis = 1e12 + (wayBack + since) * (1 + drift);

          expect(earliest(answered, nowMs)).toBeLessThanOrEqual(shownByRedis + wayBack * 2e-4);
          expect(latest(answered, nowMs)).toBeGreaterThanOrEqual(shownByRedis);
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { canarySecondsFor, roomFor } from './room-rules.ts';

const hour = 3_600;

describe('roomFor', () => {
  it.each([
    ['a short checkout', { callsPerSecond: 39, calls: 2_340, vus: 30 }, { partners: 2, keys: 2 }],
    ['a minute at a thousand a second', { callsPerSecond: 1_000, calls: 60_000, vus: 160 }, { partners: 8, keys: 10 }],
    ['many callers that do little', { callsPerSecond: 10, calls: 600, vus: 400 }, { partners: 5, keys: 1 }],
    ['four hours of 200 tills', { callsPerSecond: 260, calls: 260 * 4 * hour, vus: 200 }, { partners: 111, keys: 1 }],
    ['three days of 20 tills', { callsPerSecond: 26, calls: 26 * 72 * hour, vus: 20 }, { partners: 135, keys: 1 }],
  ])('of %s', (_name, load, room) => {
    expect(roomFor(load)).toEqual(room);
  });
});

describe('canarySecondsFor', () => {
  it.each([60, 600, 601, hour, 8 * hour])(
    'leaves room in the quota for twelve calls each, in a test of %i s',
    (seconds) => {
      expect((Math.min(seconds, hour) / canarySecondsFor(seconds)) * 12).toBeLessThan(10_000);
    },
  );
});

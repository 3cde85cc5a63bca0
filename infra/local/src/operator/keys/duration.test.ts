import { describe, expect, it } from '@jest/globals';
import { secondsOf } from './duration.ts';

describe('secondsOf', () => {
  it.each([
    ['0', 0],
    ['15s', 15],
    ['30m', 1_800],
    ['24h', 86_400],
    ['90d', 7_776_000],
    ['2w', 1_209_600],
  ])('%s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));

  it.each(['', '90', '-1d', '1.5h', '1 d', '1y', 'd', '1234567s'])('refuses %j', (text) =>
    expect(secondsOf(text)).toBeUndefined(),
  );
});

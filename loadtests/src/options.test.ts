import { describe, expect, it } from '@jest/globals';
import { positive, secondsOf, tiersOf } from './options.ts';

describe('options', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['2h', 7_200],
  ])('reads the duration %s', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it.each(['', '0', '0s', '1d', '1.5h', '-3s', 'soon'])('refuses the duration "%s"', (text) => {
    expect(() => secondsOf(text)).toThrow('is no duration');
  });

  it('refuses what is no whole number above 0', () => {
    expect(positive('150')).toBe(150);
    expect(() => positive('1.5')).toThrow('above 0');
    expect(() => positive('0')).toThrow('above 0');
    expect(() => positive('many')).toThrow('above 0');
  });

  it('reads tiers, and refuses one that there is not', () => {
    expect(tiersOf('standard, enterprise')).toEqual(['standard', 'enterprise']);
    expect(() => tiersOf('gold')).toThrow('is no tier');
  });
});

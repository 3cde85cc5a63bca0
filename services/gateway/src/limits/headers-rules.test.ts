import { describe, expect, it } from '@jest/globals';
import type { LimitState, WindowState } from './admission.ts';
import { headersOf } from './headers-rules.ts';

const now = 1_772_960_400_000;

const hour: WindowState = {
  policy: 'hour',
  limit: 10_000,
  windowMs: 3_600_000,
  remaining: 9_871,
  resetAt: now + 1_840_000,
  isCounted: true,
};

const minute: WindowState = {
  policy: 'minute',
  limit: 1_000,
  windowMs: 60_000,
  remaining: 993,
  resetAt: now + 21_400,
  isCounted: true,
};

const state: LimitState = { now, windows: [hour, minute], slots: { limit: 100, remaining: 99 } };

describe('headersOf', () => {
  it('writes the example of the contract', () => {
    expect(headersOf(state, 'enterprise')).toEqual({
      'X-RateLimit-Limit': '10000',
      'X-RateLimit-Remaining': '9871',
      'X-RateLimit-Reset': '1772962240',
      'X-RateLimit-Tier': 'enterprise',
      'RateLimit-Policy': '"hour";q=10000;w=3600, "minute";q=1000;w=60, "concurrent";q=100;qu="concurrent-requests"',
      RateLimit: '"hour";r=9871;t=1840, "minute";r=993;t=22, "concurrent";r=99',
    });
  });

  it('speaks of the longest window, in whatever order they come', () => {
    const headers = headersOf({ ...state, windows: [minute, hour] }, 'standard');

    expect(headers['X-RateLimit-Limit']).toBe('10000');
    expect(headers['RateLimit']).toMatch(/^"minute";r=993;t=22, "hour"/);
  });

  it('shows the number of a window that is not counted, and leaves its policy out', () => {
    const windows = [{ ...hour, remaining: 10_000, resetAt: now, isCounted: false }, minute];

    expect(headersOf({ now, windows, slots: null }, 'enterprise')).toEqual({
      'X-RateLimit-Limit': '10000',
      'X-RateLimit-Remaining': '10000',
      'X-RateLimit-Reset': '1772960400',
      'X-RateLimit-Tier': 'enterprise',
      'RateLimit-Policy': '"minute";q=1000;w=60',
      RateLimit: '"minute";r=993;t=22',
    });
  });

  it('resets now where no call was counted, or the last one has just left', () => {
    const windows = [{ ...hour, remaining: 10_000, resetAt: now - 5 }];
    const headers = headersOf({ now, windows, slots: null }, 'public');

    expect(headers['X-RateLimit-Reset']).toBe('1772960400');
    expect(headers['RateLimit']).toBe('"hour";r=10000;t=0');
  });
});

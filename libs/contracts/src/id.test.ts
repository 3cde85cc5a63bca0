import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { newId } from './id.ts';

describe('newId', () => {
  it('gives each its own, in the order in which they are made', () => {
    const ids = Array.from({ length: 20_000 }, newId);

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => version(id) === 7)).toBe(true);
  });

  it('begins with the time', () => {
    const before = Date.now();
    const at = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);

    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('shares no random bits between two of one millisecond', () => {
    const tails = Array.from({ length: 2_000 }, () => newId().slice(-12));

    expect(new Set(tails).size).toBe(tails.length);
  });
});

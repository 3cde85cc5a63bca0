import { describe, expect, it } from '@jest/globals';
import { nthSlug, slugOf } from './rules.ts';

describe('slugOf', () => {
  it.each([
    ['Bean & Bloom', 'bean-bloom'],
    ['  Žalia Kava, Vilnius ', 'zalia-kava-vilnius'],
    ['咖啡', 'partner'],
    ['A1', 'partner-a1'],
    ['x'.repeat(80), 'x'.repeat(50)],
  ])('makes %j into %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    expect(slugOf(name)).toMatch(/^[a-z0-9-]{3,63}$/);
  });

  it('numbers the next ones', () => {
    expect([1, 2, 3].map((n) => nthSlug('bean', n))).toEqual(['bean', 'bean-2', 'bean-3']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { containing } from './containing.ts';

describe('containing', () => {
  it('leaves the signs of a pattern what they are in a text', () => {
    expect(containing('50% \\ A_b')).toBe(String.raw`%50\% \\ a\_b%`);
  });
});

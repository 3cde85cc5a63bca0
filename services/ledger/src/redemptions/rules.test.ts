import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claimCodeOf, priceOf } from './rules.ts';

describe('claimCodeOf', () => {
  it('is eight letters and digits that nobody mistakes for another, each as likely', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const letters = Array.from({ length: 32 }, (_, n) => claimCodeOf(all.subarray(n * 8, n * 8 + 8))).join('');

    expect(letters).toMatch(/^[A-HJ-NP-Z2-9]{256}$/);
    expect(new Set([...letters].map((letter) => letters.split(letter).length - 1))).toEqual(new Set([8]));
  });
});

describe('priceOf', () => {
  it.each([
    ['no discount', 200, 0, 200],
    ['a discount, rounded up', 101, 1_250, 89],
    ['a hundredth of a percent, exactly', 1_000_000_000, 1, 999_900_000],
    ['the whole price off: still one point', 200, 10_000, 1],
    ['one point', 1, 9_999, 1],
  ])('%s', (...[, points, discountBp, price]) => {
    expect(priceOf(points, discountBp)).toBe(price);
  });

  it('is the exact price rounded up, at least 1 and never above the full one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), fc.nat(10_000), (points, discountBp) => {
        const exact = BigInt(points) * BigInt(10_000 - discountBp);
        const roundedUp = Number((exact + 9_999n) / 10_000n);

        expect(priceOf(points, discountBp)).toBe(Math.max(1, roundedUp));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { discountOf, pointsOf } from './discount-rules.ts';

const percentage = (value: number, maxDiscountMinor: number | null = null) => ({
  ...{ type: 'percentage' as const, value, maxDiscountMinor },
});
const fixed = (value: number) => ({ type: 'fixed_amount' as const, value, maxDiscountMinor: null });

describe('discountOf', () => {
  it.each([
    ['ten percent, rounded down', { of: percentage(1_000), on: 4_259 }, { discountMinor: 425, isCapped: false }],
    ['a hundredth of a percent', { of: percentage(1), on: 9_999 }, { discountMinor: 0, isCapped: false }],
    ['a hundredth of a percent of enough', { of: percentage(1), on: 10_000 }, { discountMinor: 1, isCapped: false }],
    ['the whole order', { of: percentage(10_000), on: 4_259 }, { discountMinor: 4_259, isCapped: false }],
    ['at most the maximum', { of: percentage(1_250, 400), on: 9_999 }, { discountMinor: 400, isCapped: true }],
    [
      'exactly the maximum, which cuts nothing',
      { of: percentage(1_000, 400), on: 4_000 },
      { discountMinor: 400, isCapped: false },
    ],
    ['nothing of nothing', { of: percentage(5_000), on: 0 }, { discountMinor: 0, isCapped: false }],
    ['a fixed amount', { of: fixed(500), on: 4_259 }, { discountMinor: 500, isCapped: false }],
    ['at most the order', { of: fixed(500), on: 499 }, { discountMinor: 499, isCapped: true }],
    ['a fixed amount of nothing', { of: fixed(500), on: 0 }, { discountMinor: 0, isCapped: true }],
    ['a fixed amount without an order', { of: fixed(500), on: null }, { discountMinor: 500, isCapped: false }],
    ['a percentage without an order', { of: percentage(1_000), on: null }, { discountMinor: 0, isCapped: false }],
  ])('takes off %s', (_name, { of, on }, discount) => {
    expect(discountOf(of, on)).toEqual(discount);
  });

  it('is exact where a double would not be', () => {
    // 2^53 - 1 times 99.99 %: the product has 20 digits.
    expect(discountOf(percentage(9_999), Number.MAX_SAFE_INTEGER).discountMinor).toBe(9_006_298_534_815_516);
  });

  it.each(['free_product', 'free_shipping', 'bonus_points'] as const)('takes nothing off for %s', (type) => {
    expect(discountOf({ type, value: 5, maxDiscountMinor: null }, 1_000)).toEqual({
      discountMinor: 0,
      isCapped: false,
    });
  });

  it('agrees with rational numbers, and never takes off more than order, maximum or worth', () => {
    const order = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const hundredths = fc.integer({ min: 1, max: 10_000 });
    const maximum = fc.option(fc.integer({ min: 1, max: 99_999_999_999 }), { nil: null });
    fc.assert(
      fc.property(order, hundredths, maximum, (orderMinor, value, maxDiscountMinor) => {
        const { discountMinor, isCapped } = discountOf(percentage(value, maxDiscountMinor), orderMinor);
        const taken = BigInt(discountMinor);
        const exact = BigInt(orderMinor) * BigInt(value);
        const isFloor = taken * 10_000n <= exact && exact < (taken + 1n) * 10_000n;
        expect(isCapped ? discountMinor === maxDiscountMinor && taken * 10_000n < exact : isFloor).toBe(true);
        expect(discountMinor).toBeLessThanOrEqual(Math.min(orderMinor, maxDiscountMinor ?? orderMinor));
      }),
    );
  });

  it('never takes less off a larger order', () => {
    const voucher = fc.oneof(
      fc.integer({ min: 1, max: 10_000 }).map((value) => percentage(value, 5_000)),
      fc.integer({ min: 1, max: 100_000 }).map(fixed),
    );
    fc.assert(
      fc.property(voucher, fc.nat(1_000_000), fc.nat(1_000_000), (terms, orderMinor, more) => {
        const larger = discountOf(terms, orderMinor + more).discountMinor;
        expect(larger).toBeGreaterThanOrEqual(discountOf(terms, orderMinor).discountMinor);
      }),
    );
  });
});

describe('pointsOf', () => {
  it('is the value of bonus points, and none else', () => {
    expect(pointsOf({ type: 'bonus_points', value: 150, maxDiscountMinor: null })).toBe(150);
    expect(pointsOf(fixed(150))).toBe(0);
  });
});

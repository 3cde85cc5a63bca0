import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { earnedFor, MAX_POINTS, type EarningRule } from './formula-rules.ts';

/** One point a unit of 1.00. */
const one: EarningRule = {
  ...{ currencyUnitMinor: 100, pointsPerCurrency: 1, roundPointsUp: false, minPurchaseMinor: null },
  ...{ multipliersBp: [10_000], bonusPoints: 0, minPoints: null, maxPoints: null },
};
const ten: EarningRule = { ...one, pointsPerCurrency: 10 };
const threeForFive: EarningRule = { ...one, currencyUnitMinor: 500, pointsPerCurrency: 3 };

describe('earnedFor, the table of contract 1.10', () => {
  it.each([
    [1, '24.50 at ten a unit', 2_450, ten, 245],
    [2, 'floors the base', 2_459, one, 24],
    [3, 'ceils the base if the card says so', 2_459, { ...one, roundPointsUp: true }, 25],
    [4, 'rounds a half down', 2_450, { ...ten, multipliersBp: [15_000] }, 367],
    [5, 'rounds once, after all multipliers', 2_450, { ...ten, multipliersBp: [15_000, 20_000] }, 735],
    [6, 'is exact where binary fractions are not', 29, { ...one, pointsPerCurrency: 100 }, 29],
    [7, 'floors, then multiplies', 1_999, { ...threeForFive, multipliersBp: [12_500] }, 14],
    [8, 'ceils, then multiplies', 1_999, { ...threeForFive, roundPointsUp: true, multipliersBp: [12_500] }, 15],
    [9, 'a unit of three', 1_000, { ...one, currencyUnitMinor: 300, multipliersBp: [15_000] }, 4],
    [10, 'clamps after the bonus', 50_000, { ...ten, bonusPoints: 50, maxPoints: 1_000 }, 1_000],
    [11, 'raises to the minimum', 300, { ...one, minPoints: 5 }, 5],
    [12, 'records a cent with 0 points', 1, { ...ten, multipliersBp: [20_000] }, 0],
    [13, 'yen have no decimals', 1_500, { ...one, multipliersBp: [10_100] }, 15],
    [14, 'below the minimum purchase there is nothing', 400, belowMinimum(), 0],
    [15, 'two campaigns and a bonus', 2_450, { ...ten, multipliersBp: [15_000, 20_000, 12_500], bonusPoints: 50 }, 969],
    [16, 'a campaign that acts alone', 2_450, { ...ten, multipliersBp: [15_000, 30_000] }, 1_102],
  ])('row %i: %s', (...[, , amountMinor, rule, points]) => {
    expect(earnedFor(amountMinor, rule)?.points).toBe(points);
  });
});

function belowMinimum(): EarningRule {
  return { ...ten, multipliersBp: [20_000, 20_000], minPurchaseMinor: 500, minPoints: 5 };
}

describe('earnedFor', () => {
  it('says what a purchase below the minimum, at it, and a clamped one were made of', () => {
    expect(earnedFor(400, belowMinimum())).toEqual({ basePoints: 0, unclamped: 0, points: 0, isBelowMinimum: true });
    expect(earnedFor(500, belowMinimum())).toMatchObject({ basePoints: 50, points: 200, isBelowMinimum: false });
    expect(earnedFor(50_000, { ...ten, maxPoints: 1_000 })).toMatchObject({ unclamped: 5_000, points: 1_000 });
  });

  it('is null beyond what an account can hold, unless the card has a maximum', () => {
    const absurd = { ...one, currencyUnitMinor: 1, pointsPerCurrency: 1_000_000 };

    expect(earnedFor(99_999_999_999, absurd)).toBeNull();
    expect(earnedFor(99_999_999_999, { ...absurd, maxPoints: 10 })?.points).toBe(10);
  });

  it('never gives less for more money, never less than the minimum, never more than the maximum', () => {
    const rules = fc.record({
      currencyUnitMinor: fc.integer({ min: 1, max: 10_000 }),
      // With all the rest at its most that is less than an account can hold.
      pointsPerCurrency: fc.nat(900),
      roundPointsUp: fc.boolean(),
      minPurchaseMinor: fc.option(fc.nat(10_000)),
      multipliersBp: fc.array(fc.integer({ min: 10_000, max: 100_000 }), { maxLength: 3 }),
      bonusPoints: fc.nat(100),
      minPoints: fc.option(fc.nat(50)),
      maxPoints: fc.option(fc.integer({ min: 50, max: 5_000 })),
    });
    fc.assert(
      fc.property(rules, fc.nat(1_000_000), fc.nat(1_000), (rule, amountMinor, more) => {
        const { points, isBelowMinimum } = earnedFor(amountMinor, rule)!;

        expect(earnedFor(amountMinor + more, rule)!.points).toBeGreaterThanOrEqual(points);
        expect(points).toBeLessThanOrEqual(rule.maxPoints ?? MAX_POINTS);
        if (!isBelowMinimum) expect(points).toBeGreaterThanOrEqual(rule.minPoints ?? 0);
      }),
    );
  });

  it('is within half a point of the exact product, and at a half below it', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 10_000, max: 100_000 }), (amountMinor, bp) => {
        const { basePoints, points } = earnedFor(amountMinor, { ...ten, multipliersBp: [bp] })!;
        const distance = 10_000n * BigInt(points) - BigInt(basePoints) * BigInt(bp);

        expect(distance).toBeGreaterThanOrEqual(-5_000n);
        expect(distance).toBeLessThan(5_000n);
      }),
    );
  });
});

/** How a card, a tier and campaigns turn an amount into points (contract 1.10). */
export interface EarningRule {
  currencyUnitMinor: number;
  pointsPerCurrency: number;
  roundPointsUp: boolean;
  minPurchaseMinor: number | null;
  /** Of the tier and of each campaign that acts. 10_000 is 1.0, 12_500 is 1.25. */
  multipliersBp: readonly number[];
  /** Of the campaigns that act. */
  bonusPoints: number;
  minPoints: number | null;
  maxPoints: number | null;
}

export interface Earned {
  basePoints: number;
  /** After the multipliers and their one rounding, and the bonus. */
  unclamped: number;
  points: number;
  isBelowMinimum: boolean;
}

/**
 * The formula: exact numbers, base down (or up), one rounding half down after all multipliers, bonus, then clamped.
 * Null when the points are beyond what an account can hold.
 */
export function earnedFor(amountMinor: number, rule: EarningRule): Earned | null {
  if (rule.minPurchaseMinor !== null && amountMinor < rule.minPurchaseMinor) {
    return { basePoints: 0, unclamped: 0, points: 0, isBelowMinimum: true };
  }
  const unit = BigInt(rule.currencyUnitMinor);
  const earned = BigInt(amountMinor) * BigInt(rule.pointsPerCurrency);
  const base = rule.roundPointsUp ? (earned + unit - 1n) / unit : earned / unit;
  const multiplied = rule.multipliersBp.reduce((product, bp) => product * BigInt(bp), base);
  const rounded = halfDown(multiplied, 10_000n ** BigInt(rule.multipliersBp.length)) + BigInt(rule.bonusPoints);
  const points = clamp(rounded, rule);
  if (points > MAX_POINTS) return null;
  return { basePoints: shown(base), unclamped: shown(rounded), points: Number(points), isBelowMinimum: false };
}

/** Points of one entry. Nine thousand such entries still fit a number exactly. */
export const MAX_POINTS = 1_000_000_000_000;

/** What a maximum cuts off may be beyond a number. */
const shown = (points: bigint): number => (points > MAX_SHOWN ? Number.MAX_SAFE_INTEGER : Number(points));
const MAX_SHOWN = BigInt(Number.MAX_SAFE_INTEGER);

function clamp(points: bigint, { minPoints, maxPoints }: EarningRule): bigint {
  const capped = maxPoints !== null && points > BigInt(maxPoints) ? BigInt(maxPoints) : points;
  return minPoints !== null && capped < BigInt(minPoints) ? BigInt(minPoints) : capped;
}

/** x.5 becomes x, anything above it x + 1. Not negative. */
const halfDown = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator - 1n) / (2n * denominator);

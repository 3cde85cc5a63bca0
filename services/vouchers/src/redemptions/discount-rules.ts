import type { Terms } from '../vouchers/rules.ts';

type Valued = Pick<Terms, 'type' | 'value' | 'maxDiscountMinor'>;

export interface Discount {
  discountMinor: number;
  /** A maximum, or the order itself, made it less than the voucher is worth. */
  isCapped: boolean;
}

/**
 * What a voucher takes off an order, in minor units (contract 3.8): exact, rounded down once, never more than the order. Without
 * an order a fixed amount is worth itself, and everything else nothing.
 */
export function discountOf({ type, value, maxDiscountMinor }: Valued, orderMinor: number | null): Discount {
  if (type !== 'percentage' && type !== 'fixed_amount') return { discountMinor: 0, isCapped: false };
  if (type === 'percentage' && orderMinor === null) return { discountMinor: 0, isCapped: false };
  // A product of 16 and of 5 digits does not fit a double.
  const worth = type === 'fixed_amount' ? value! : Number((BigInt(orderMinor!) * BigInt(value!)) / 10_000n);
  const discountMinor = Math.min(worth, maxDiscountMinor ?? worth, orderMinor ?? worth);
  return { discountMinor, isCapped: discountMinor < worth };
}

/** Points that redeeming it brings. */
export const pointsOf = ({ type, value }: Valued): number => (type === 'bonus_points' ? value! : 0);

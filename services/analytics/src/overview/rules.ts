import { exponentOf, majorOf } from '@punchcard/contracts';

/** A percentage rounded half up to two decimals, or null when there is nothing to divide by. */
export const percent = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 100;

/** A mean amount in major units, rounded half up to the currency's decimals; null of nothing. */
export function meanAmount(minor: number, count: number, currency: string): number | null {
  return count === 0
    ? null
    : Number((Math.round(minor / count) / 10 ** exponentOf(currency)).toFixed(exponentOf(currency)));
}

/** Sums of one shop and currency in a period. */
export interface ShopSums {
  clubId: string;
  currency: string;
  purchases: number;
  revenueMinor: number;
  attributedMinor: number;
  pointsIssued: number;
  pointsRedeemed: number;
  afterPurchases: number;
  afterMinor: number;
}

/** Purchases that each side must have before their means are compared (partner contract 9.3). */
const ENOUGH = 30;

/** By how many percent purchases after a member's first redemption are larger than the others; null with too few of either. */
export function orderIncrease(shops: readonly ShopSums[]): number | null {
  const total = sum(shops, 'purchases');
  const after = sum(shops, 'afterPurchases');
  const before = total - after;
  if (after < ENOUGH || before < ENOUGH) return null;
  const afterMean = sum(shops, 'afterMinor') / after;
  const beforeMean = (sum(shops, 'revenueMinor') - sum(shops, 'afterMinor')) / before;
  return beforeMean === 0 ? null : Math.round((afterMean / beforeMean - 1) * 10_000) / 100;
}

type Summed = Exclude<keyof ShopSums, 'clubId' | 'currency'>;

export const sum = (shops: readonly ShopSums[], name: Summed): number =>
  shops.reduce((total, shop) => total + shop[name], 0);

/** Points that shops gave and took in a period. */
export const pointsIn = (shops: readonly ShopSums[]) => ({
  total_points_issued: sum(shops, 'pointsIssued'),
  total_points_redeemed: sum(shops, 'pointsRedeemed'),
});

type Points = ReturnType<typeof pointsIn>;

/** Points of all time up to the end of the period before, from those up to the end of this one. */
export const lessPoints = (all: Points, period: Points): Points => ({
  total_points_issued: all.total_points_issued - period.total_points_issued,
  total_points_redeemed: all.total_points_redeemed - period.total_points_redeemed,
});

/** Revenue of the currencies that the partner's own figures leave out, by code. */
export function otherCurrencies(shops: readonly ShopSums[], own: string) {
  const minor = new Map<string, number>();
  for (const { currency, revenueMinor } of shops) {
    if (currency !== own) minor.set(currency, (minor.get(currency) ?? 0) + revenueMinor);
  }
  return [...minor.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, revenue]) => ({ currency, revenue: majorOf(revenue, currency) }));
}

/** The five shops with the most revenue. */
export const bestShops = (shops: readonly ShopSums[]): ShopSums[] =>
  [...shops].sort((a, b) => b.revenueMinor - a.revenueMinor || (a.clubId < b.clubId ? -1 : 1)).slice(0, 5);

import { isPurchase, isRedemption, pointsOf, type Fact } from '../facts/rules.ts';

/** What facts add to the sums of a UTC day. */
export interface UtcDelta {
  partnerId: string;
  day: string;
  currency: string;
  purchases: number;
  redemptions: number;
  revenueMinor: number;
  pointsIssued: number;
  pointsRedeemed: number;
  pointsExpired: number;
}

/** The UTC day of a fact. */
export const utcDayOf = ({ occurredAt }: Fact): string => occurredAt.toISOString().slice(0, 10);

/** Facts as sums by partner, UTC day and currency. */
export function utcSums(facts: readonly Fact[]): UtcDelta[] {
  const sums = new Map<string, UtcDelta>();
  for (const fact of facts) {
    const { partnerId, currency } = fact;
    const day = utcDayOf(fact);
    const name = `${partnerId} ${day} ${currency}`;
    const sum = sums.get(name) ?? { partnerId, day, currency, ...zeros() };
    sums.set(name, sum);
    const { issued, redeemed, expired } = pointsOf(fact);
    sum.pointsIssued += issued;
    sum.pointsRedeemed += redeemed;
    sum.pointsExpired += expired;
    if (isRedemption(fact)) sum.redemptions += 1;
    if (!isPurchase(fact)) continue;
    sum.purchases += 1;
    sum.revenueMinor += fact.purchaseMinor ?? 0;
  }
  return [...sums.values()];
}

const zeros = () => ({
  purchases: 0,
  redemptions: 0,
  revenueMinor: 0,
  pointsIssued: 0,
  pointsRedeemed: 0,
  pointsExpired: 0,
});

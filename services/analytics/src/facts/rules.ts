/** A purchase or any other entry of the ledger, as figures need it. `day` is the partner's. */
export interface Fact {
  partnerId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  transactionId: string;
  event: string;
  points: number;
  purchaseMinor: number | null;
  currency: string;
  occurredAt: Date;
  day: string;
}

export const isPurchase = ({ event }: Fact): boolean => event === 'staff_credited_points_for_purchase';
export const isRedemption = ({ event }: Fact): boolean =>
  event === 'staff_redeemed_points_for_reward' || event === 'member_redeemed_points_for_reward';
export const isExpiry = ({ event }: Fact): boolean => event === 'points_expired';

/** Points that a fact adds to what was issued, redeemed and expired, as positive numbers. */
export function pointsOf(fact: Fact): { issued: number; redeemed: number; expired: number } {
  const { points } = fact;
  if (isExpiry(fact)) return { issued: 0, redeemed: 0, expired: -points };
  if (isRedemption(fact)) return { issued: 0, redeemed: -points, expired: 0 };
  return { issued: Math.max(points, 0), redeemed: 0, expired: 0 };
}

/** A redemption attributes the purchases of its day and of so many days after it (partner contract 9.2). */
export const ATTRIBUTION_DAYS = 30;

/** What decides on a purchase's attribution: the member's redemptions so far. */
export interface MemberHistory {
  firstRedemptionAt: Date | null;
  redemptionDays: ReadonlySet<string>;
}

const before = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

/** Whether the member redeemed on the day of a purchase or in the 30 days before. */
export function isAttributed(day: string, { redemptionDays }: MemberHistory): boolean {
  const earliest = before(day, ATTRIBUTION_DAYS);
  for (const redeemed of redemptionDays) if (redeemed >= earliest && redeemed <= day) return true;
  return false;
}

/** Whether a purchase was made after the member's first redemption. */
export const isAfterFirst = ({ occurredAt }: Fact, { firstRedemptionAt }: MemberHistory): boolean =>
  firstRedemptionAt !== null && occurredAt > firstRedemptionAt;

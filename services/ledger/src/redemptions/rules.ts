import { AppError } from '@punchcard/contracts';
import { assertInUse, type Card } from '../cards/rules.ts';
import type { Tier } from '../tiers/rules.ts';

export interface Reward {
  partnerId: string;
  rewardId: string;
  cardIds: readonly string[];
  name: string;
  /** Locale > text. */
  titles: Readonly<Record<string, string>>;
  points: number;
  isActive: boolean;
  activeFrom: Date | null;
  expirationDate: Date | null;
  maxNumberToRedeem: number | null;
  maxPerMember: number | null;
  isDeleted: boolean;
}

export interface RedemptionFacts {
  card: Card;
  reward: Reward;
  tier: Tier | null;
  /** How often the reward was redeemed in all. Null when nobody counts, since there never was a limit. */
  used: number | null;
  usedByMember: number;
  /** Points that can be spent. */
  balance: number;
  /** Whether a member asks, and not a till. */
  isClaim: boolean;
  at: Date;
}

/** The points that a redemption costs. Throws when the card, the reward or the balance does not allow it. */
export function decideRedemption(facts: RedemptionFacts): number {
  const { card, reward, tier, used, usedByMember, balance, isClaim, at } = facts;
  assertInUse(card, at, { isForMember: isClaim });
  const reason = unavailableBecause(reward, card.cardId, at) ?? exhaustedBecause(reward, { used, usedByMember });
  if (reason !== null) {
    throw new AppError('REWARD_NOT_AVAILABLE', { details: { reward_id: reward.rewardId, reason } });
  }
  const required = priceOf(reward.points, tier?.redemptionDiscountBp ?? 0);
  if (balance < required) throw new AppError('INSUFFICIENT_POINTS', { details: { required, balance } });
  return required;
}

type Reason = 'inactive' | 'not_started' | 'expired' | 'not_on_card' | 'out_of_stock' | 'member_limit';

/** What keeps a reward from everybody. Null = nothing. */
export function unavailableBecause(
  { isActive, activeFrom, expirationDate, cardIds }: Reward,
  cardId: string,
  at: Date,
): Reason | null {
  if (!isActive) return 'inactive';
  if (activeFrom !== null && activeFrom > at) return 'not_started';
  if (expirationDate !== null && expirationDate <= at) return 'expired';
  return cardIds.includes(cardId) ? null : 'not_on_card';
}

/** Which limit of a reward is reached. Null = none. */
export function exhaustedBecause(
  { rewardId, maxNumberToRedeem, maxPerMember }: Reward,
  { used, usedByMember }: Pick<RedemptionFacts, 'used' | 'usedByMember'>,
): Reason | null {
  if (maxNumberToRedeem !== null) {
    if (used === null) throw new Error(`Reward ${rewardId} has a limit and no counter.`);
    if (used >= maxNumberToRedeem) return 'out_of_stock';
  }
  return maxPerMember !== null && usedByMember >= maxPerMember ? 'member_limit' : null;
}

const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** What a member shows at the till, of eight random bytes: 40 bits in letters and digits that nobody mistakes for another. */
export const claimCodeOf = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, 8)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join('');

/** The reward's points less the tier's discount, rounded up, at least 1. */
export function priceOf(points: number, discountBp: number): number {
  return Math.max(1, Math.ceil((points * (10_000 - discountBp)) / 10_000));
}

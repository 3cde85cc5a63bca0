import { AppError, invalid } from '@punchcard/contracts';
import { assertInUse, assertNotExpired, type Card } from '../cards/rules.ts';
import type { PurchaseAnswer, PurchaseOrder } from '../booking/rules.ts';
import { activatesAt, expiresAt } from '../lots/expiry-rules.ts';
import type { Tier } from '../tiers/rules.ts';
import { earnedFor, MAX_POINTS, type EarningRule } from './formula-rules.ts';

const MINUTE_MS = 60_000;
const MAX_LATE_MS = 72 * 60 * MINUTE_MS;
const MAX_EARLY_MS = 5 * MINUTE_MS;

export interface PurchaseFacts {
  card: Card;
  /** Held before the purchase. */
  tier: Tier | null;
  /** Whether it is the member's first on this card. */
  isFirst: boolean;
  amountMinor: number;
  at: Date;
}

export interface PurchaseDecision {
  points: number;
  bonusPoints: number;
  breakdown: PurchaseAnswer['breakdown'];
  reason: PurchaseAnswer['reason'];
  occurredAt: Date;
  /** Null = active at once. */
  activatesAt: Date | null;
  expiresAt: Date | null;
  rule: EarningRule;
}

/** What a purchase earns. Card, tier and rules count as they are when it is booked; expiry runs from when it happened. */
export function decidePurchase(
  order: PurchaseOrder,
  { card, tier, isFirst, amountMinor, at }: PurchaseFacts,
): PurchaseDecision {
  assertInUse(card, at);
  assertNotExpired(card, at);
  const occurredAt = order.occurredAt ?? at;
  assertTimely(occurredAt, at);
  const rule = earningRule(card, tier);
  const earned = earnedFor(amountMinor, rule);
  if (earned === null) {
    throw new AppError('TRANSACTION_LIMIT_EXCEEDED', {
      details: { limit_name: 'points_per_transaction', limit: MAX_POINTS, current: 0, resets_at: null },
    });
  }
  const { basePoints, unclamped, points, isBelowMinimum } = earned;
  const activeFrom = activatesAt(occurredAt, card, card.timeZone);
  return {
    points,
    bonusPoints: isFirst ? card.initialBonusPoints : 0,
    breakdown: {
      base_points: basePoints,
      tier: tier?.name ?? null,
      tier_multiplier: (tier?.multiplierBp ?? 10_000) / 10_000,
      campaigns: [],
      clamped_from: unclamped === points ? null : unclamped,
      total_points: points,
    },
    reason: isBelowMinimum ? 'below_minimum_purchase' : null,
    occurredAt,
    activatesAt: activeFrom !== null && activeFrom > at ? activeFrom : null,
    expiresAt: expiresAt(occurredAt, card, card.timeZone),
    rule,
  };
}

function assertTimely(occurredAt: Date, at: Date): void {
  const lateMs = at.getTime() - occurredAt.getTime();
  if (lateMs > MAX_LATE_MS) throw invalid('occurred_at', 'must not be more than 72 hours ago');
  if (lateMs < -MAX_EARLY_MS) throw invalid('occurred_at', 'must not be more than 5 minutes ahead');
}

const earningRule = (card: Card, tier: Tier | null): EarningRule => ({
  currencyUnitMinor: card.currencyUnitMinor,
  pointsPerCurrency: card.pointsPerCurrency,
  roundPointsUp: card.roundPointsUp,
  minPurchaseMinor: card.minPurchaseMinor,
  multipliersBp: tier === null ? [] : [tier.multiplierBp],
  bonusPoints: 0,
  minPoints: card.minPointsPerPurchase,
  maxPoints: card.maxPointsPerPurchase,
});

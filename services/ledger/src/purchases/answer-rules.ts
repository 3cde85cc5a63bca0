import { majorOf } from '@punchcard/contracts';
import type { Position, PurchaseAnswer } from '../booking/rules.ts';
import type { Tier } from '../tiers/rules.ts';
import type { PurchaseDecision } from './rules.ts';

/** A rule that was tried: whether it acted, why, and the points after it. */
export type Explained = NonNullable<PurchaseAnswer['explain']>[number];

interface Explanation {
  decision: PurchaseDecision;
  tier: Tier | null;
  amountMinor: number;
}

/** Each rule that was tried, in the order in which they act, with the points after it. */
export function explain({ card }: Position, { decision, tier, amountMinor }: Explanation): Explained[] {
  const { rule, breakdown, bonusPoints, points, reason } = decision;
  const major = (minor: number) => `${majorOf(minor, card.currency)} ${card.currency}`;
  const isRated = reason === null;
  const multiplied = breakdown.clamped_from ?? points;
  const of = (name: string, matched: boolean, told: { why: string; points: number | null }): Explained => ({
    ...{ rule: name, id: name === 'tier_multiplier' ? (tier?.tierId ?? null) : card.cardId },
    ...{ matched, why: told.why, points: matched ? told.points : null },
  });
  const clamps = (limit: number | null, isHit: boolean, word: string): Explained =>
    of(`${word}_points_per_purchase`, isRated && isHit, {
      why:
        limit === null ? `The card has no ${word}.` : `The ${word} is ${limit} points; the formula gave ${multiplied}.`,
      points: limit,
    });
  const rounding = rule.roundPointsUp ? 'up' : 'down';
  return [
    of('min_purchase_amount', !isRated, {
      why:
        rule.minPurchaseMinor === null
          ? 'The card takes purchases of any amount.'
          : `${major(amountMinor)} against a minimum of ${major(rule.minPurchaseMinor)}.`,
      points: 0,
    }),
    of('base_points', isRated, {
      why: `${rule.pointsPerCurrency} points for each ${major(rule.currencyUnitMinor)} of ${major(amountMinor)}, rounded ${rounding}.`,
      points: breakdown.base_points,
    }),
    of('tier_multiplier', isRated && tier !== null, {
      why:
        tier === null ? 'The member holds no tier.' : `Tier ${tier.name} multiplies by ${breakdown.tier_multiplier}.`,
      points: multiplied,
    }),
    clamps(rule.maxPoints, rule.maxPoints !== null && multiplied > rule.maxPoints, 'max'),
    clamps(rule.minPoints, rule.minPoints !== null && multiplied < rule.minPoints, 'min'),
    of('initial_bonus_points', bonusPoints > 0, {
      why:
        bonusPoints > 0 ? "The member's first purchase on this card." : 'No welcome bonus, or not the first purchase.',
      points: bonusPoints,
    }),
  ];
}

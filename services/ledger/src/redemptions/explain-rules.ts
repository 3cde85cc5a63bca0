import type { Explained } from '../purchases/answer-rules.ts';
import { isInUse } from '../cards/rules.ts';
import { exhaustedBecause, priceOf, unavailableBecause, type RedemptionFacts } from './rules.ts';

/**
 * Each rule that a redemption meets, in their order. `matched` = it lets the redemption pass, or acts on the price; the price
 * after it as negative points. A redemption succeeds exactly when all but the discount match.
 */
export function explainRedemption(facts: RedemptionFacts): Explained[] {
  const { card, reward, tier, balance, at } = facts;
  const discountBp = tier?.redemptionDiscountBp ?? 0;
  const price = priceOf(reward.points, discountBp);
  const unavailable = unavailableBecause(reward, card.cardId, at);
  const of = (rule: string, id: string | null, told: Pick<Explained, 'matched' | 'why'> & { points?: number }) => ({
    ...{ rule, id, matched: told.matched, why: told.why },
    points: told.matched ? (told.points ?? null) : null,
  });
  return [
    of('card_in_use', card.cardId, {
      matched: isInUse(card, at),
      why: isInUse(card, at)
        ? 'The card and its club are in use.'
        : 'The card or its club is off, or it is not issued yet.',
    }),
    of('reward_available', reward.rewardId, {
      matched: unavailable === null,
      why:
        unavailable === null
          ? 'The reward is active, within its dates and on this card.'
          : `The reward cannot be redeemed now (${unavailable.replaceAll('_', ' ')}).`,
    }),
    ...limits(facts, of),
    of('tier_redemption_discount', tier?.tierId ?? null, {
      matched: discountBp > 0,
      why: discountOf(facts),
      points: -price,
    }),
    of('balance', card.cardId, {
      matched: balance >= price,
      why: `${balance} points can be spent; the price is ${price}.`,
      points: -price,
    }),
  ];
}

function limits(
  { reward, used, usedByMember }: RedemptionFacts,
  of: (rule: string, id: string, told: Pick<Explained, 'matched' | 'why'>) => Explained,
): Explained[] {
  const { rewardId, maxNumberToRedeem: stock, maxPerMember } = reward;
  const exhausted = (limits: Partial<typeof reward>) =>
    exhaustedBecause({ ...reward, maxNumberToRedeem: null, maxPerMember: null, ...limits }, { used, usedByMember });
  return [
    of('max_number_to_redeem', rewardId, {
      matched: exhausted({ maxNumberToRedeem: stock }) === null,
      why: stock === null ? 'The reward has no limit in all.' : `${used} of ${stock} were redeemed.`,
    }),
    of('max_per_member', rewardId, {
      matched: exhausted({ maxPerMember }) === null,
      why:
        maxPerMember === null
          ? 'The reward has no limit for a member.'
          : `The member redeemed ${usedByMember} of at most ${maxPerMember}.`,
    }),
  ];
}

function discountOf({ tier, reward }: RedemptionFacts): string {
  if (tier === null) return 'The member holds no tier.';
  const { name, redemptionDiscountBp: bp } = tier;
  return bp === 0
    ? `Tier ${name} gives no discount on ${reward.points} points.`
    : `Tier ${name} takes ${bp / 100} % off ${reward.points} points, rounded up, at least 1.`;
}

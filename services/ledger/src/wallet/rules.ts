import { pickTextOrNull, type Answer, type getMyTier, type Reader, type Texts } from '@punchcard/contracts';
import { isForEverybody } from '../cards/rules.ts';
import { nextTier, PARTNER_WIDE, pointsToNextTier, scopeFor, tierAt, type Ladders } from '../tiers/rules.ts';
import type { SeenCard, ShownTier } from './views.ts';

type ShownLadder = Answer<typeof getMyTier>['ladders'][number];

/** Copies keep no text as none of a set, readers as null. */
export const shownTexts = (texts: Texts): Texts | null => (Object.keys(texts).length === 0 ? null : texts);

/** Members see the cards that are for everybody, and whatever they have used. */
export const isSeen = (card: SeenCard, now: Date): boolean => card.isUsed || isForEverybody(card, now);

interface Standings {
  /** Those that the member sees. */
  cards: readonly Pick<SeenCard, 'cardId' | 'clubId'>[];
  ladders: ReadonlyMap<string, readonly ShownTier[]>;
  lifetimeIn: (scopeId: string) => number;
}

/** The partner's ladder first, then those of the clubs whose cards the member sees, each with the cards for which it counts. */
export function shownLadders({ cards, ladders, lifetimeIn }: Standings, reader: Reader): ShownLadder[] {
  const cardsOf = Map.groupBy(cards, ({ clubId }) => scopeFor(ladders as Ladders, clubId));
  const scopes = [PARTNER_WIDE, ...[...cardsOf.keys()].filter((scopeId) => scopeId !== PARTNER_WIDE).toSorted()];
  return scopes.flatMap((scopeId) => {
    const ladder = ladders.get(scopeId)?.filter(({ isDeleted }) => !isDeleted) ?? [];
    if (ladder.length === 0) return [];
    const points = lifetimeIn(scopeId);
    const [tier, next] = [tierAt(ladder, points), nextTier(ladder, points)];
    return {
      scope: scopeId === PARTNER_WIDE ? ('partner' as const) : ('club' as const),
      card_ids: (cardsOf.get(scopeId) ?? []).map(({ cardId }) => cardId),
      tier: tier && {
        ...named(tier, reader),
        level: tier.level,
        points_multiplier: tier.multiplierBp / 10_000,
        redemption_discount: tier.redemptionDiscountBp / 100,
        icon: tier.icon,
        color: tier.color,
      },
      lifetime_points: points,
      next_tier: next && { ...named(next, reader), points_threshold: next.pointsThreshold },
      points_to_next_tier: pointsToNextTier(ladder, points),
    };
  });
}

const named = ({ tierId, name, displayNames }: ShownTier, reader: Reader) => ({
  id: tierId,
  name,
  display_name: pickTextOrNull(shownTexts(displayNames), reader) ?? name,
});

import type { Programme } from './programmes.ts';

/** A member's points as the sample data reckon them. */
export type Purse = {
  earn(cardId: string, purchaseMinor: number, at: Date): void;
  balance(cardId: string, at: Date): number;
  spend(cardId: string, points: number, at: Date): void;
};

type Lot = { points: number; usableUntil: number };

// Shorter than any month, so that no point is thought usable that may have expired.
const safeMonthMs = 28 * 86_400_000;

/**
 * Never more than the ledger's balance: no bonus, no multiplier, expiry a little early. It is not the rule, it only makes sure that
 * the redemptions in the sample data are ones that the ledger allows.
 */
export const createPurse = ({ card }: Programme): Purse => {
  const lots = new Map<string, Lot[]>();
  const usable = (cardId: string, at: Date) =>
    (lots.get(cardId) ?? []).filter(({ points, usableUntil }) => points > 0 && usableUntil > at.getTime());
  return {
    earn: (cardId, purchaseMinor, at) => {
      const points =
        purchaseMinor < card.minPurchaseMinor ? 0 : Math.floor((purchaseMinor * card.pointsPerCurrency) / 100);
      const months = card.pointsExpirationMonths;
      const usableUntil = months === null ? Infinity : at.getTime() + months * safeMonthMs;
      lots.set(cardId, [...usable(cardId, at), { points, usableUntil }]);
    },
    balance: (cardId, at) => usable(cardId, at).reduce((sum, { points }) => sum + points, 0),
    spend: (cardId, points, at) => {
      let left = points;
      for (const lot of usable(cardId, at)) {
        const taken = Math.min(lot.points, left);
        lot.points -= taken;
        left -= taken;
      }
    },
  };
};

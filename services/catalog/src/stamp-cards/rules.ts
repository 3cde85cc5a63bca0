import { AppError, Decimal, exponentOf, minorOf, notFound } from '@punchcard/contracts';
import { requireValid } from '../programme/rules.ts';
import type { StampCard, StampCardKey } from './store.ts';

/** What a stamp card is asked to be, with the amount as it was written: its decimals depend on the currency. */
interface Terms extends Omit<StampCard, keyof StampCardKey | 'minPurchaseMinor' | 'createdAt' | 'updatedAt'> {
  minPurchaseAmount: Decimal | null;
}

export type StampCardFields = Partial<Terms>;
export type NewStampCardFields = StampCardFields & Pick<Terms, 'clubId' | 'name' | 'title' | 'stampsRequired'>;

const defaults = {
  description: null,
  rewardTitle: null,
  rewardDescription: null,
  stampsPerPurchase: 1,
  minPurchaseAmount: null,
  maxStampsPerTransaction: null,
  maxStampsPerDay: null,
  stampsExpireDays: null,
  rewardPoints: null,
  rewardCardId: null,
  validFrom: null,
  validUntil: null,
  isActive: true,
  isVisibleByDefault: true,
  stampIcon: null,
  bgColor: null,
  textColor: null,
} as const satisfies StampCardFields;

export interface NewStampCard extends StampCardKey {
  fields: NewStampCardFields;
  /** The partner's currency. */
  currency: string;
  now: Date;
}

/** The stamp card that is asked for. 422 that names every field which does not fit the others. */
export const newStampCard = ({ fields, currency, now, ...key }: NewStampCard): StampCard => ({
  ...settled({
    ...defaults,
    currency,
    requiresPhysicalClaim: (fields.rewardPoints ?? null) === null,
    ...fields,
  }),
  ...key,
  createdAt: now,
  updatedAt: now,
});

/** The stamp card after a change. An amount that is not changed keeps its value in major units when the currency changes. */
export function changedStampCard(before: StampCard, change: StampCardFields, now: Date): StampCard {
  const { minPurchaseMinor, currency } = before;
  const minPurchaseAmount =
    minPurchaseMinor === null ? null : new Decimal(BigInt(minPurchaseMinor), exponentOf(currency));
  return { ...before, ...settled({ ...before, minPurchaseAmount, ...change }), updatedAt: now };
}

function settled({ minPurchaseAmount, ...terms }: Terms) {
  const { currency, rewardPoints, rewardCardId, requiresPhysicalClaim, validFrom, validUntil } = terms;
  const minPurchaseMinor = minPurchaseAmount && minorOf(minPurchaseAmount, currency);
  const isBackwards = validFrom !== null && validUntil !== null && validUntil <= validFrom;
  requireValid({
    min_purchase_amount:
      minPurchaseAmount !== null &&
      minPurchaseMinor === null &&
      `must have at most ${exponentOf(currency)} decimals in ${currency}`,
    reward_card_id: rewardPoints !== null && rewardCardId === null && 'is required with reward_points',
    requires_physical_claim: !requiresPhysicalClaim && rewardPoints === null && 'must be true without reward_points',
    valid_until: isBackwards && 'must be after valid_from',
  });
  return { ...terms, minPurchaseMinor };
}

/** 404 when the card for the points is not the partner's, 409 when its deletion has begun. */
export function requireRewardCard(rewardCardId: string, card: { isClosing: boolean } | undefined): void {
  if (!card) throw notFound('card', rewardCardId, 'reward_card_id');
  if (card.isClosing) throw new AppError('CONFLICT', { details: { reason: 'card_being_deleted' } });
}

/** 409 while stamp cards pay points onto a card. */
export function requireNoStampCards(stampCards: number): void {
  if (stampCards === 0) return;
  throw new AppError('CONFLICT', { details: { reason: 'in_use', blocking: { stamp_cards: stampCards } } });
}

import { AppError } from '@punchcard/contracts';
import type { LotTerms } from '../lots/expiry-rules.ts';

/** A card with what counts of its club and its partner. */
export interface Card extends LotTerms {
  partnerId: string;
  cardId: string;
  clubId: string;
  isActive: boolean;
  clubIsActive: boolean;
  issueDate: Date;
  expirationDate: Date | null;
  currency: string;
  currencyUnitMinor: number;
  pointsPerCurrency: number;
  roundPointsUp: boolean;
  minPurchaseMinor: number | null;
  minPointsPerPurchase: number | null;
  maxPointsPerPurchase: number | null;
  initialBonusPoints: number;
  isVisibleByDefault: boolean;
  /** Deleted, or closed for its deletion. */
  isGone: boolean;
  timeZone: string;
  /** Of the partner. */
  locale: string;
}

/** Whether a card is shown to members who have not used it: visible by default, on, and issued; an expired one stays (contract 4). */
export const isForEverybody = (
  { isVisibleByDefault, isActive, issueDate }: Pick<Card, 'isVisibleByDefault' | 'isActive' | 'issueDate'>,
  at: Date,
): boolean => isVisibleByDefault && isActive && issueDate <= at;

/** Whether a card earns and spends: it and its club are on, and it is issued. */
export const isInUse = ({ isActive, clubIsActive, issueDate }: Card, at: Date): boolean =>
  isActive && clubIsActive && issueDate <= at;

/**
 * Throws CARD_INACTIVE for a card that neither earns nor spends: it or its club is off, or it is not issued yet. Members do not
 * see clubs, so they are not told of them.
 */
export function assertInUse(
  { cardId, clubId, isActive, clubIsActive, issueDate }: Card,
  at: Date,
  { isForMember = false } = {},
): void {
  if (!isActive || issueDate > at) throw new AppError('CARD_INACTIVE', { details: { card_id: cardId } });
  if (clubIsActive) return;
  throw new AppError('CARD_INACTIVE', { details: { card_id: cardId, ...(isForMember ? {} : { club_id: clubId }) } });
}

/** Throws CARD_EXPIRED for a card that earns nothing any more. It may spend. */
export function assertNotExpired({ cardId, expirationDate }: Card, at: Date): void {
  if (expirationDate === null || expirationDate > at) return;
  throw new AppError('CARD_EXPIRED', { details: { card_id: cardId, expired_at: expirationDate.toISOString() } });
}

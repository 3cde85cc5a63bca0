import { AppError, Decimal, exponentOf, minorOf, toDecimal, type PartnerGates } from '@punchcard/contracts';
import { requireValid } from '../programme/rules.ts';
import type { Card, CardKey } from './store.ts';

type Derived = 'uniqueIdentifier' | 'currencyUnitMinor' | 'minPurchaseMinor' | 'createdAt' | 'updatedAt';

/** What a card is asked to be, with amounts as they were written: their decimals depend on the currency. */
interface Terms extends Omit<Card, keyof CardKey | Derived> {
  currencyUnitAmount: Decimal;
  minPurchaseAmount: Decimal | null;
}

export type CardFields = Partial<Terms>;
export type NewCardFields = CardFields & Pick<Terms, 'clubId' | 'name' | 'currency' | 'pointsPerCurrency'>;

const defaults = {
  head: null,
  title: null,
  description: null,
  expirationDate: null,
  currencyUnitAmount: toDecimal(1),
  roundPointsUp: false,
  minPurchaseAmount: null,
  minPointsPerPurchase: null,
  maxPointsPerPurchase: null,
  initialBonusPoints: 0,
  pointsExpirationMonths: null,
  pointsExpirationRounding: 'none',
  pendingDays: 0,
  reversalPolicy: 'within_balance',
  isActive: true,
  isVisibleByDefault: false,
  bgColor: null,
  textColor: null,
  bgColorOpacity: 100,
  bgImageUrl: null,
  logoUrl: null,
} as const satisfies CardFields;

export interface NewCard extends CardKey {
  uniqueIdentifier: string;
  fields: NewCardFields;
  now: Date;
}

/** The card that is asked for. 422 that names every field which does not fit the others. */
export const newCard = ({ fields, now, ...made }: NewCard): Card => ({
  ...settled({ ...defaults, issueDate: now, ...fields }),
  ...made,
  createdAt: now,
  updatedAt: now,
});

/** The card after a change. An amount that is not changed keeps its value in major units when the currency changes. */
export function changedCard(before: Card, change: CardFields, now: Date): Card {
  const { currencyUnitMinor, minPurchaseMinor, currency } = before;
  const terms = {
    ...before,
    currencyUnitAmount: amountOf(currencyUnitMinor, currency),
    minPurchaseAmount: minPurchaseMinor === null ? null : amountOf(minPurchaseMinor, currency),
    ...change,
  };
  return { ...before, ...settled(terms), updatedAt: now };
}

const amountOf = (minor: number, currency: string): Decimal => new Decimal(BigInt(minor), exponentOf(currency));

function settled({ currencyUnitAmount, minPurchaseAmount, ...terms }: Terms) {
  const { currency, issueDate, expirationDate, minPointsPerPurchase: min, maxPointsPerPurchase: max } = terms;
  const currencyUnitMinor = minorOf(currencyUnitAmount, currency);
  const minPurchaseMinor = minPurchaseAmount && minorOf(minPurchaseAmount, currency);
  const tooFine = `must have at most ${exponentOf(currency)} decimals in ${currency}`;
  requireValid({
    currency_unit_amount: currencyUnitMinor === null && tooFine,
    min_purchase_amount: minPurchaseAmount !== null && minPurchaseMinor === null && tooFine,
    expiration_date: expirationDate !== null && expirationDate <= issueDate && 'must be after issue_date',
    max_points_per_purchase: min !== null && max !== null && max < min && 'must be at least min_points_per_purchase',
  });
  return { ...terms, currencyUnitMinor: currencyUnitMinor!, minPurchaseMinor };
}

/** Whether a change gives a card another currency or club, which its transactions would forbid. */
export const changesFixedTerms = (card: Card, { currency, clubId }: CardFields): boolean =>
  (currency !== undefined && currency !== card.currency) || (clubId !== undefined && clubId !== card.clubId);

/**
 * 409 when a card that has transactions would get another currency or club. `undefined`: nobody asked, since only a change that
 * came between made it one of these; the same request asks when it is sent again.
 */
export function requireFixedTerms(card: Card, change: CardFields, hasTransactions: boolean | undefined): void {
  if (!changesFixedTerms(card, change) || hasTransactions === false) return;
  if (hasTransactions === undefined) {
    throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'catalog' }, retryAfter: 1 });
  }
  const isOtherCurrency = change.currency !== undefined && change.currency !== card.currency;
  throw new AppError('CONFLICT', { details: { reason: isOtherCurrency ? 'currency_fixed' : 'club_fixed' } });
}

/** 403 when a card becomes visible to everybody without the partner's flag for it. One that is visible may stay so. */
export function requireHomepage(gates: PartnerGates, card: Card, before?: Card): void {
  if (card.isVisibleByDefault && !before?.isVisibleByDefault && !gates.cards_on_homepage) {
    throw new AppError('FEATURE_DISABLED', { details: { feature: 'cards_on_homepage' } });
  }
}

/** Twelve digits as they are printed: `402-118-973-551`. */
export const identifierOf = (number: number): string =>
  String(number)
    .padStart(12, '0')
    .replaceAll(/(\d{3})(?=\d)/g, '$1-');

/** 409 while vouchers that can still be redeemed pay points onto a card. */
export function requireNoVouchers(vouchers: number): void {
  if (vouchers === 0) return;
  throw new AppError('CONFLICT', { details: { reason: 'in_use', blocking: { stamp_cards: 0, vouchers } } });
}

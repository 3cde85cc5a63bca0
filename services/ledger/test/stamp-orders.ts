import { toDecimal } from '@punchcard/contracts';
import { named, type Books } from '../src/booking/rules.ts';
import type { AddStampsOrder, RedeemStampsOrder } from '../src/stamps/order-rules.ts';
import type { StampCard } from '../src/stamps/rules.ts';
import { givenBooks, NOW, partnerId, type Given } from './given-books.ts';

/** Five stamps for a coffee, for ever. */
export const stampCard: StampCard = {
  ...{ partnerId, stampCardId: 'stamps', clubId: 'club', titles: { en_US: 'Coffees' }, rewardTitles: null },
  ...{ stampsRequired: 5, stampsPerPurchase: 1, minPurchaseMinor: null, currency: 'EUR', stampsExpireDays: null },
  ...{ maxStampsPerTransaction: null, maxStampsPerDay: null, rewardPoints: null, rewardCardId: null },
  ...{ requiresPhysicalClaim: true, validFrom: null, validUntil: null, isActive: true, clubIsActive: true },
  ...{ isGone: false, timeZone: 'Europe/Vilnius', locale: 'en_US' },
};

/** Books with a stamp card that nobody has begun. */
export function givenStampBooks(fields: Partial<StampCard> = {}, given: Given = {}): Books {
  const books = givenBooks(given);
  return changed({ ...books, stamps: { ...books.stamps, progresses: new Map() } }, fields);
}

/** The same books after the stamp card was changed. */
export const changed = (books: Books, fields: Partial<StampCard>): Books => ({
  ...books,
  stamps: { ...books.stamps, cards: new Map([[named(partnerId, 'stamps'), { ...stampCard, ...fields }]]) },
});

let orders = 0;
const order = () => ({
  ...{
    partnerId,
    stampCardId: 'stamps',
    transactionId: `stamp-${(orders += 1)}`,
    memberIdentifier: 'member-0',
    now: NOW,
  },
  candidates: [{ kind: 'id' as const, identifier: 'member-0' }],
  ...{ staffId: null, note: null, reference: null, idempotency: null, isHistory: false, traceparent: null },
  language: null,
});

export const add = (stamps: number | null, fields: Partial<AddStampsOrder> & { amountMajor?: number } = {}) => {
  const { amountMajor, ...rest } = fields;
  const amount = amountMajor === undefined ? null : toDecimal(amountMajor);
  return { ...order(), kind: 'add_stamps', stamps, amount, ...rest } satisfies AddStampsOrder;
};

export const handOut = (fields: Partial<RedeemStampsOrder> = {}): RedeemStampsOrder => ({
  ...{ ...order(), kind: 'redeem_stamps' },
  ...fields,
});

import { toDecimal } from '@punchcard/contracts';
import { emptyJournal } from '../src/booking/journal-rules.ts';
import { named, type Books, type Counter, type Match } from '../src/booking/rules.ts';
import type { AwardOrder, PurchaseOrder, RedeemOrder } from '../src/booking/rules.ts';
import type { Card } from '../src/cards/rules.ts';
import type { Reward } from '../src/redemptions/rules.ts';
import type { Staff } from '../src/staff/rules.ts';
import { noStamps } from '../src/stamps/order-rules.ts';
import { laddersOf, PARTNER_WIDE, type Tier } from '../src/tiers/rules.ts';

export const NOW = new Date('2026-03-08T09:15:00.000Z');
const DAY_MS = 86_400_000;
export const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

export const partnerId = 'partner';
export const card: Card = {
  ...{ partnerId, cardId: 'card', clubId: 'club', isActive: true, clubIsActive: true, isGone: false },
  ...{ issueDate: later(-1_000), expirationDate: null, currency: 'EUR', currencyUnitMinor: 100, pointsPerCurrency: 10 },
  ...{ roundPointsUp: false, minPurchaseMinor: null, minPointsPerPurchase: null, maxPointsPerPurchase: null },
  ...{ initialBonusPoints: 0, pointsExpirationMonths: null, pointsExpirationRounding: 'none', pendingDays: 0 },
  isVisibleByDefault: false,
  ...{ timeZone: 'Europe/Vilnius', locale: 'en_US' },
};
export const reward: Reward = {
  ...{ partnerId, rewardId: 'reward', cardIds: ['card'], name: 'coffee', titles: { en_US: 'Coffee', lt_LT: 'Kava' } },
  ...{ points: 200, isActive: true, activeFrom: null, expirationDate: null, isDeleted: false },
  ...{ maxNumberToRedeem: null, maxPerMember: null },
};
const ona: Staff = { partnerId, staffId: 'ona', clubId: 'club', isActive: true, isDeleted: false };
export const tier = (name: string, pointsThreshold: number, fields: Partial<Tier> = {}): Tier => ({
  ...{ tierId: name, scopeId: PARTNER_WIDE, name, pointsThreshold, multiplierBp: 10_000, redemptionDiscountBp: 0 },
  ...{ isDefault: pointsThreshold === 0, isActive: true, isDeleted: false },
  ...fields,
});

export interface Given {
  card?: Partial<Card>;
  reward?: Partial<Reward>;
  tiers?: Tier[];
  counter?: Counter;
  staff?: Partial<Staff>;
}

/** Books as a batch opens them: one card, one reward, three members who have nothing yet. */
export function givenBooks(given: Given = {}): Books {
  const ids = Array.from({ length: 3 }, (_, n) => `member-${n}`);
  let made = 0;
  return {
    matches: new Map(
      ids.map((memberId): [string, Match[]] => [
        named(partnerId, memberId),
        [{ kind: 'id', memberId, isFindable: true }],
      ]),
    ),
    cards: new Map([[named(partnerId, 'card'), { ...card, ...given.card }]]),
    rewards: new Map([[named(partnerId, 'reward'), { ...reward, ...given.reward }]]),
    staff: new Map([[named(partnerId, 'ona'), { ...ona, ...given.staff }]]),
    stamps: noStamps(),
    ladders: new Map([[partnerId, laddersOf(given.tiers ?? [])]]),
    standings: new Map(),
    accounts: new Map(),
    counters: new Map(given.counter ? [[named(partnerId, 'reward'), given.counter]] : []),
    keys: new Map(),
    references: new Map(),
    journal: emptyJournal(),
    newId: () => `made-${(made += 1)}`,
  };
}

let orders = 0;
const order = () => ({
  ...{ partnerId, cardId: 'card', transactionId: `order-${(orders += 1)}`, memberIdentifier: 'member-0', now: NOW },
  candidates: [{ kind: 'id' as const, identifier: 'member-0' }],
  ...{ staffId: null, note: null, reference: null, idempotency: null, isHistory: false, traceparent: null },
});
export const purchase = (amount: number, fields: Partial<PurchaseOrder> = {}): PurchaseOrder => ({
  ...order(),
  ...{ kind: 'purchase', amount: { major: toDecimal(amount) }, currency: null, items: [], occurredAt: null },
  ...{ isExplained: false, ...fields },
});
export const award = (points: number, fields: Partial<AwardOrder> = {}): AwardOrder => ({
  ...{ ...order(), kind: 'award', event: 'voucher_bonus_points', memberId: 'member-0', points, occurredAt: null },
  ...{ reference: `award-${(orders += 1)}`, idempotency: null, ...fields },
});
export const redeem = (fields: Partial<RedeemOrder> = {}): RedeemOrder => ({
  ...{ ...order(), kind: 'redeem', rewardId: 'reward', language: null, claim: null, ...fields },
});

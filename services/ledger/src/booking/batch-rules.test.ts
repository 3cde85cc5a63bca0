import { describe, expect, it } from '@jest/globals';
import { AppError, toDecimal, Miss } from '@punchcard/contracts';
import fc from 'fast-check';
import { award, givenBooks, later, NOW, partnerId, purchase, redeem, tier } from '../../test/given-books.ts';
import { isDue } from '../lots/rules.ts';
import { book } from './batch-rules.ts';
import { named, type Books, type Command } from './rules.ts';
import type { AwardAnswer, PurchaseAnswer, PurchaseOrder, RedeemAnswer, RedeemOrder } from './rules.ts';

const buy = (books: Books, amount: number, fields: Partial<PurchaseOrder> = {}) =>
  book(books, purchase(amount, fields)).data as PurchaseAnswer;
const spend = (books: Books, fields: Partial<RedeemOrder> = {}) => book(books, redeem(fields)).data as RedeemAnswer;

function refusalOf(books: Books, command: Command): { code: string; details: unknown } {
  try {
    book(books, command);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error('It was not refused.');
}
const entriesOf = ({ journal }: Books) => journal.facts.filter((fact) => fact.fact === 'entry');
const movesOf = ({ journal }: Books) => journal.facts.filter((fact) => fact.fact === 'tier_move');

describe('a purchase', () => {
  it('answers what it earned, and books one entry and one lot', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 12 } });

    expect(buy(books, 24.5)).toMatchObject({
      ...{
        points_awarded: 245,
        new_balance: 245,
        member_balance: 0,
        tier: null,
        matched_by: 'id',
        status: 'completed',
      },
      ...{ expires_at: '2027-03-08T09:15:00.000Z', bonus_points: 0, points_to_next_tier: null, duplicate: false },
      breakdown: { base_points: 245, tier_multiplier: 1, clamped_from: null, total_points: 245 },
    });
    expect(entriesOf(books)).toMatchObject([{ points: 245, seq: 1, balanceAfter: 245 }]);
    expect([...books.journal.opened.keys()]).toMatchObject([{ points: 245, remaining: 245, isCounted: true }]);
  });

  it('brings the welcome bonus as an entry of its own, once, neither multiplied nor clamped', () => {
    const books = givenBooks({
      card: { initialBonusPoints: 50, maxPointsPerPurchase: 10 },
      tiers: [tier('gold', 0, { multiplierBp: 20_000 })],
    });

    const first = buy(books, 24.5);
    const second = buy(books, 24.5);

    expect(first).toMatchObject({ points_awarded: 10, bonus_points: 50, new_balance: 60 });
    expect(second).toMatchObject({ points_awarded: 10, bonus_points: 0, bonus_transaction_id: null, new_balance: 70 });
    expect(entriesOf(books).map(({ event, points, groupId }) => [event, points, groupId])).toEqual([
      ['staff_credited_points_for_purchase', 10, first.transaction_id],
      ['initial_bonus_points', 50, first.transaction_id],
      ['staff_credited_points_for_purchase', 10, null],
    ]);
  });

  it('is recorded with 0 points below the minimum, says so, and still brings the bonus', () => {
    const books = givenBooks({ card: { minPurchaseMinor: 500, minPointsPerPurchase: 5, initialBonusPoints: 7 } });

    expect(buy(books, 4)).toMatchObject({ points_awarded: 0, reason: 'below_minimum_purchase', new_balance: 7 });
  });

  it('counts the tier held before it, and lifts the member with the points it brings', () => {
    const books = givenBooks({ tiers: [tier('bronze', 0), tier('gold', 200, { multiplierBp: 15_000 })] });

    expect(buy(books, 24.5)).toMatchObject({ points_awarded: 245, tier: 'gold', tier_changed: true });
    expect(buy(books, 24.5)).toMatchObject({ points_awarded: 367, tier: 'gold', tier_changed: false });
    expect(movesOf(books).map(({ previous, next, sequence }) => [previous.name, next.name, sequence])).toEqual([
      [null, 'gold', 1],
    ]);
  });

  it("counts the ladder of the card's club before the partner-wide one, and moves the member on both", () => {
    const books = givenBooks({ tiers: [tier('wide', 0), tier('local', 0, { scopeId: 'club', multiplierBp: 20_000 })] });

    expect(buy(books, 1)).toMatchObject({ points_awarded: 20, tier: 'local', tier_changed: false });
    expect(movesOf(books).map(({ clubId, next }) => [clubId, next.name])).toEqual([
      [null, 'wide'],
      ['club', 'local'],
    ]);
  });

  it('is pending for the days of the card; then its points can be spent, and count for the tier', () => {
    const books = givenBooks({ card: { pendingDays: 14 }, tiers: [tier('bronze', 0), tier('gold', 200)] });

    const answer = buy(books, 24.5);
    expect(answer).toMatchObject({ status: 'pending', tier: 'bronze', new_balance: 245 });
    expect(answer.activates_at).toBe('2026-03-22T09:15:00.000Z');
    expect(refusalOf(books, redeem({ now: later(13) }))).toMatchObject({ details: { required: 200, balance: 0 } });

    expect(spend(books, { now: new Date(answer.activates_at!) })).toMatchObject({
      member_balance: 245,
      new_balance: 45,
    });
    expect(movesOf(books).at(-1)).toMatchObject({ previous: { name: 'bronze' }, next: { name: 'gold' } });
  });

  it('expires from when it happened, as an offline till tells, and not by when it was told', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 1 } });

    expect(buy(books, 1, { occurredAt: later(-2) }).expires_at).toBe('2026-04-06T08:15:00.000Z');
  });

  it.each([
    ['more than 72 hours late', later(-3.001)],
    ['more than five minutes early', later(0.01)],
  ])('is refused when it is told %s', (_name, occurredAt) => {
    expect(refusalOf(givenBooks(), purchase(1, { occurredAt }))).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: { occurred_at: [expect.any(String)] } },
    });
  });

  it.each([
    ['switched off', { isActive: false }, 'CARD_INACTIVE', { card_id: 'card' }],
    ['of a club that is switched off', { clubIsActive: false }, 'CARD_INACTIVE', { card_id: 'card', club_id: 'club' }],
    ['not issued yet', { issueDate: later(1) }, 'CARD_INACTIVE', { card_id: 'card' }],
    ['past its end', { expirationDate: NOW }, 'CARD_EXPIRED', { card_id: 'card', expired_at: NOW.toISOString() }],
    ['deleted', { isGone: true }, 'NOT_FOUND', { resource: 'card', id: 'card', field: 'card_id' }],
  ])('is refused on a card that is %s', (...[, fields, code, details]) => {
    expect(refusalOf(givenBooks({ card: fields }), purchase(1))).toEqual({ code, details });
  });

  it('names every field that does not fit the card, at once', () => {
    const item = (id: string, amount: number) => ({ id, name: id, quantity: toDecimal(1), amount: toDecimal(amount) });
    const command = purchase(24.505, {
      ...{ currency: 'USD', staffId: 'ona' },
      items: [item('a', 20), item('a', 4.005)],
    });

    expect(refusalOf(givenBooks({ staff: { isActive: false } }), command).details).toEqual({
      errors: {
        purchase_amount: ['must have at most 2 decimals (EUR)'],
        currency: ['must be the currency of the card, EUR'],
        staff_id: ["must be staff of the card's club"],
        'items[1].id': ['must be unique in the list'],
        'items[1].amount': ['must have at most 2 decimals (EUR)'],
        items: ['their amounts must sum to purchase_amount'],
      },
    });
  });

  it('takes items whose amounts sum to the whole, exactly', () => {
    const books = givenBooks();
    const items = [0.1, 0.2].map((amount, n) => ({
      ...{ id: `${n}`, name: 'bun', quantity: toDecimal(1.5), amount: toDecimal(amount) },
    }));

    buy(books, 0.3, { items });

    expect(entriesOf(books)[0]?.items).toEqual([
      { id: '0', name: 'bun', quantity: '1.5', amount_minor: 10 },
      { id: '1', name: 'bun', quantity: '1.5', amount_minor: 20 },
    ]);
  });

  it('is refused when its points would not fit an account', () => {
    const books = givenBooks({ card: { currencyUnitMinor: 1, pointsPerCurrency: 1_000_000 } });

    expect(refusalOf(books, purchase(999_999_999.99)).code).toBe('TRANSACTION_LIMIT_EXCEEDED');
  });

  it('explains each rule that it tried', () => {
    const books = givenBooks({
      card: { maxPointsPerPurchase: 300 },
      tiers: [tier('gold', 0, { multiplierBp: 15_000 })],
    });

    expect(buy(books, 24.5, { isExplained: true }).explain).toMatchObject([
      { rule: 'min_purchase_amount', matched: false, points: null },
      { rule: 'base_points', id: 'card', matched: true, points: 245 },
      { rule: 'tier_multiplier', id: 'gold', matched: true, points: 367 },
      { rule: 'max_points_per_purchase', matched: true, points: 300 },
      { rule: 'min_points_per_purchase', matched: false },
      { rule: 'initial_bonus_points', matched: false },
    ]);
  });
});

describe('a claim', () => {
  const claim = (fields: Partial<RedeemOrder> = {}) =>
    redeem({ claim: { memberId: 'member-0', code: 'K7QX2MWP' }, ...fields });

  it('is a redemption that the member made, with the code for the till', () => {
    const books = givenBooks({ reward: { points: 200, maxPerMember: 2 } });
    buy(books, 50);
    spend(books);

    const { data } = book(books, claim());

    expect(data).toMatchObject({ points_deducted: 200, new_balance: 100, claim_code: 'K7QX2MWP', duplicate: false });
    expect(data).not.toHaveProperty('matched_by');
    expect(entriesOf(books).at(-1)).toMatchObject({
      ...{ kind: 'redeem', event: 'member_redeemed_points_for_reward', claimCode: 'K7QX2MWP', points: -200 },
    });
    expect(refusalOf(books, claim())).toMatchObject({ details: { reason: 'member_limit' } });
  });

  it('answers a repeat of its reference with the first code, and leaves the same one to a till', () => {
    const books = givenBooks({ reward: { points: 10 } });
    buy(books, 50);

    const first = book(books, claim({ reference: '1' })).data;
    const again = book(books, claim({ reference: '1', claim: { memberId: 'member-0', code: 'ZZZZZZZZ' } })).data;
    const tills = spend(books, { reference: '1' });

    expect(again).toEqual({ ...(first as object), duplicate: true });
    expect(tills.duplicate).toBe(false);
  });

  it('is named apart from a reference of a till that spells the member', () => {
    const books = givenBooks({ reward: { points: 10 } });
    buy(books, 50);

    book(books, claim({ reference: '1' }));
    const tills = spend(books, { reference: 'of member-0 1' });

    expect(tills.duplicate).toBe(false);
  });

  it('tells a till which club is off, and a member only that the card is', () => {
    const books = givenBooks({ card: { clubIsActive: false, isVisibleByDefault: true } });

    expect(refusalOf(books, redeem()).details).toEqual({ card_id: 'card', club_id: 'club' });
    expect(refusalOf(books, claim())).toEqual({ code: 'CARD_INACTIVE', details: { card_id: 'card' } });
  });

  it('knows a card for everybody or one that was used, and no other', () => {
    const missing = { code: 'NOT_FOUND', details: { resource: 'card', id: 'card', field: 'card_id' } };

    expect(refusalOf(givenBooks(), claim())).toEqual(missing);
    expect(refusalOf(givenBooks({ card: { isVisibleByDefault: true, isActive: false } }), claim())).toEqual(missing);
    expect(refusalOf(givenBooks({ card: { isVisibleByDefault: true } }), claim()).code).toBe('INSUFFICIENT_POINTS');
  });
});

describe('a redemption', () => {
  it('takes the price, less the discount of the tier, rounded up', () => {
    const books = givenBooks({ reward: { points: 101 }, tiers: [tier('gold', 0, { redemptionDiscountBp: 1_250 })] });
    buy(books, 24.5);

    expect(spend(books, { language: 'lt' })).toEqual({
      ...{ transaction_id: expect.any(String), points_deducted: 89, member_balance: 245, new_balance: 156 },
      ...{
        reward_id: 'reward',
        reward: 'Kava',
        card_id: 'card',
        member_id: 'member-0',
        matched_by: 'id',
        duplicate: false,
      },
    });
  });

  it('costs at least one point', () => {
    const books = givenBooks({ tiers: [tier('free', 0, { redemptionDiscountBp: 10_000 })] });
    buy(books, 1);

    expect(spend(books).points_deducted).toBe(1);
  });

  it('is refused when the points do not cover it, and changes nothing', () => {
    const books = givenBooks();
    buy(books, 19.9);

    expect(refusalOf(books, redeem())).toEqual({
      code: 'INSUFFICIENT_POINTS',
      details: { required: 200, balance: 199 },
    });
    expect(entriesOf(books)).toHaveLength(1);
    expect(buy(books, 0.1).new_balance).toBe(200);
  });

  it.each([
    ['inactive', { isActive: false }],
    ['not_started', { activeFrom: later(1) }],
    ['expired', { expirationDate: NOW }],
    ['not_on_card', { cardIds: [] }],
  ])('is refused with the reason %s', (reason, fields) => {
    const books = givenBooks({ reward: fields });
    buy(books, 100);

    expect(refusalOf(books, redeem())).toEqual({
      code: 'REWARD_NOT_AVAILABLE',
      details: { reward_id: 'reward', reason },
    });
  });

  it('is refused when the stock is out, or the member had enough', () => {
    const counter = { partnerId, id: 'reward', used: 8 };
    const stock = givenBooks({ reward: { maxNumberToRedeem: 10 }, counter });
    buy(stock, 100);
    spend(stock);
    spend(stock);
    expect(refusalOf(stock, redeem()).details).toMatchObject({ reason: 'out_of_stock' });
    expect(counter.used).toBe(10);

    const one = givenBooks({ reward: { maxPerMember: 1 } });
    buy(one, 100);
    spend(one);
    expect(refusalOf(one, redeem()).details).toMatchObject({ reason: 'member_limit' });
  });

  it('may be made on an expired card, and not on one that is switched off', () => {
    const books = givenBooks({ card: { expirationDate: later(1) } });
    buy(books, 100);
    expect(spend(books, { now: later(2) }).new_balance).toBe(800);

    const off = givenBooks({ card: { isActive: false } });
    expect(refusalOf(off, redeem()).code).toBe('CARD_INACTIVE');
  });
});

describe('expiry', () => {
  it('is exact at the instant it is due, and booked by whatever comes first after it', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 1 } });
    const due = new Date(buy(books, 24.5).expires_at!);
    const before = new Date(due.getTime() - 1);

    expect(spend(books, { now: before }).new_balance).toBe(45);
    expect(refusalOf(books, redeem({ now: due })).details).toEqual({ required: 200, balance: 0 });
    expect(buy(books, 1, { now: due })).toMatchObject({ member_balance: 0, new_balance: 10 });
    expect(entriesOf(books).map(({ event, points, seq, occurredAt }) => [event, points, seq, occurredAt])).toEqual([
      ['staff_credited_points_for_purchase', 245, 1, NOW],
      ['staff_redeemed_points_for_reward', -200, 2, before],
      ['points_expired', -45, 3, due],
      ['staff_credited_points_for_purchase', 10, 4, due],
    ]);
  });

  it('does not lower the lifetime points, and so not the tier', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 1 }, tiers: [tier('bronze', 0), tier('gold', 200)] });
    buy(books, 24.5);

    expect(buy(books, 1, { now: later(60) })).toMatchObject({ tier: 'gold', new_balance: 10 });
  });
});

describe('a repeat', () => {
  const idempotency = { partnerId, scope: 'partner', key: 'order-1', requestHash: 'a' };

  it('of a key gets the first answer, and books nothing', () => {
    const books = givenBooks();
    const first = book(books, purchase(1, { idempotency }));

    expect(book(books, purchase(1, { idempotency }))).toEqual({ data: first.data, replayed: true });
    expect(entriesOf(books)).toHaveLength(1);
  });

  it('of a key for another request is refused', () => {
    const books = givenBooks();
    buy(books, 1, { idempotency });

    expect(refusalOf(books, purchase(1, { idempotency: { ...idempotency, requestHash: 'b' } }))).toEqual({
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { first_used_at: NOW.toISOString() },
    });
  });

  it('of a key that was refused runs again: refusals are not kept', () => {
    const books = givenBooks();
    expect(refusalOf(books, redeem({ idempotency })).code).toBe('INSUFFICIENT_POINTS');
    buy(books, 100);

    expect(book(books, redeem({ idempotency })).replayed).toBe(false);
  });

  it('of a reference gets the first result, whoever asks when; its key is kept too', () => {
    const books = givenBooks();
    const first = buy(books, 1, { reference: 'receipt' });

    const again = book(books, purchase(1, { reference: 'receipt', note: 'again', now: later(90), idempotency }));

    expect(again).toEqual({ data: { ...first, duplicate: true }, replayed: false });
    expect(entriesOf(books)).toHaveLength(1);
    expect(books.journal.keys).toHaveLength(1);
  });

  it('of a reference with another amount, or for another member, is a conflict', () => {
    const books = givenBooks();
    const { transaction_id: id } = buy(books, 1, { reference: 'receipt' });
    const conflict = { code: 'REFERENCE_CONFLICT', details: { reference: 'receipt', existing_id: id } };
    const another = [{ kind: 'id' as const, identifier: 'member-1' }];

    expect(refusalOf(books, purchase(2, { reference: 'receipt' }))).toEqual(conflict);
    expect(refusalOf(books, purchase(1, { reference: 'receipt', candidates: another }))).toEqual(conflict);
  });

  it('of a reference of another kind is nothing: each kind has its own', () => {
    const books = givenBooks();
    buy(books, 100, { reference: 'receipt' });

    expect(spend(books, { reference: 'receipt' }).duplicate).toBe(false);
    expect(spend(books, { reference: 'receipt' }).duplicate).toBe(true);
  });
});

describe('staff', () => {
  it('stand on every entry of an order that names them', () => {
    const books = givenBooks({ card: { initialBonusPoints: 200 } });

    buy(books, 1, { staffId: 'ona' });
    spend(books, { staffId: 'ona' });

    expect(entriesOf(books).map(({ kind, staffId }) => [kind, staffId])).toEqual([
      ['purchase', 'ona'],
      ['bonus', 'ona'],
      ['redeem', 'ona'],
    ]);
  });

  it.each([
    ['not active', { isActive: false }],
    ['deleted', { isDeleted: true }],
    ['of another club', { clubId: 'other' }],
  ])('who are %s serve nobody', (_name, staff) => {
    const books = givenBooks({ staff });
    const refusal = {
      code: 'VALIDATION_FAILED',
      details: { errors: { staff_id: ["must be staff of the card's club"] } },
    };

    expect(refusalOf(books, purchase(1, { staffId: 'ona' }))).toEqual(refusal);
    expect(refusalOf(books, redeem({ staffId: 'ona' }))).toEqual(refusal);
    expect(books.journal.facts).toEqual([]);
  });

  it('who left since do not keep a repeat of a reference from its answer', () => {
    const books = givenBooks();
    const first = buy(books, 1, { reference: 'receipt', staffId: 'ona' });
    const after = { ...books, staff: new Map() };

    expect(buy(after, 1, { reference: 'receipt', staffId: 'ona' })).toEqual({ ...first, duplicate: true });
  });
});

describe('an award', () => {
  it('is booked beside the rest of the account, and lifts the member', () => {
    const books = givenBooks({
      ...{ card: { pendingDays: 14, pointsExpirationMonths: 1, expirationDate: later(-1) } },
      tiers: [tier('bronze', 0), tier('gold', 300)],
    });

    const answer = book(books, award(300, { occurredAt: later(-2) })).data as AwardAnswer;

    expect(answer).toMatchObject({ points: 300, new_balance: 300, expires_at: '2026-04-06T08:15:00.000Z' });
    expect(entriesOf(books)).toMatchObject([
      { kind: 'award', occurredAt: later(-2), createdAt: NOW, activatesAt: null },
    ]);
    expect(movesOf(books).at(-1)).toMatchObject({ next: { name: 'gold' } });
    expect(spend(books).new_balance).toBe(100);
    expectSound(books, NOW);
  });

  it('is never earned after it is booked', () => {
    const books = givenBooks();
    book(books, award(1, { occurredAt: later(1) }));

    expect(entriesOf(books)).toMatchObject([{ occurredAt: NOW }]);
  });

  it('that is booked after it would have expired lives as long as one that is earned now', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 1 } });

    expect(book(books, award(5, { occurredAt: later(-90) })).data).toMatchObject({
      ...{ new_balance: 5, expires_at: '2026-04-08T08:15:00.000Z' },
    });
    expect(entriesOf(books)).toMatchObject([{ occurredAt: later(-90), createdAt: NOW }]);
    expectSound(books, NOW);
  });

  it('is refused where it does not fit, and changes nothing', () => {
    const books = givenBooks();
    for (let n = 0; n < 9; n += 1) book(books, award(1_000_000_000_000_000));

    expect(refusalOf(books, award(1)).code).toBe('TRANSACTION_LIMIT_EXCEEDED');
    expect(entriesOf(books)).toHaveLength(9);
  });
});

describe('what the copy does not have', () => {
  it.each([
    ['a card', purchase(1, { cardId: 'unknown' }), ['catalog', 'partners']],
    ['a member', purchase(1, { candidates: [{ kind: 'email', identifier: 'unknown' }] }), ['members']],
    ['a reward', redeem({ rewardId: 'unknown' }), ['catalog']],
    ['staff', purchase(1, { staffId: 'unknown' }), ['staff']],
    ['staff beside other bad fields', purchase(1.001, { staffId: 'unknown' }), ['staff']],
  ])('%s is a miss, to be asked again once the copy has caught up', (_name, command, topics) => {
    const books = givenBooks();
    try {
      book(books, command);
      throw new Error('It was booked.');
    } catch (error) {
      expect(error).toBeInstanceOf(Miss);
      expect((error as Miss).topics).toEqual(topics);
    }
    expect(books.journal.facts).toEqual([]);
  });
});

describe('history', () => {
  it('is booked at its own time, and refused before what the account has already', () => {
    const books = givenBooks({ card: { pointsExpirationMonths: 1 } });
    buy(books, 1, { isHistory: true, now: later(-90) });
    expect(buy(books, 2, { isHistory: true, now: later(-10) })).toMatchObject({ member_balance: 0, new_balance: 20 });

    expect(refusalOf(books, purchase(1, { isHistory: true, now: later(-20) }))).toMatchObject({
      details: { errors: { at: [expect.any(String)] } },
    });
    expect(entriesOf(books).map(({ createdAt }) => createdAt)).toEqual(
      entriesOf(books)
        .map(({ createdAt }) => createdAt)
        .toSorted((a, b) => a.getTime() - b.getTime()),
    );
  });
});

describe('any sequence of orders', () => {
  const step = fc.record({
    member: fc.nat(2),
    kind: fc.constantFrom('purchase', 'redeem', 'award'),
    amount: fc.integer({ min: 1, max: 50 }),
    days: fc.nat(20),
    /** How late an award is booked. */
    lateDays: fc.nat(60),
  });
  const given = fc.record({
    pointsExpirationMonths: fc.constantFrom(null, 1, 3),
    pendingDays: fc.constantFrom(0, 10, 45),
    initialBonusPoints: fc.constantFrom(0, 30),
  });

  it('keeps the balance at the sum of the lots, never below zero, with gapless entries', () => {
    fc.assert(
      fc.property(given, fc.array(step, { maxLength: 60 }), (terms, steps) => {
        const books = givenBooks({
          ...{ card: terms, reward: { points: 100 } },
          tiers: [tier('bronze', 0), tier('gold', 300, { multiplierBp: 15_000 })],
        });
        let days = 0;
        for (const { member, kind, amount, days: passed, lateDays } of steps) {
          const now = later((days += passed));
          const memberId = `member-${member}`;
          const named = { now, candidates: [{ kind: 'id' as const, identifier: memberId }] };
          try {
            if (kind === 'redeem') spend(books, named);
            else if (kind === 'purchase') buy(books, amount, named);
            else book(books, award(amount, { ...named, memberId, occurredAt: later(days - lateDays) }));
          } catch (error) {
            expect(error).toMatchObject({ code: 'INSUFFICIENT_POINTS' });
          }
          expectSound(books, now);
        }
      }),
    );
  });
});

function expectSound(books: Books, now: Date): void {
  for (const account of books.accounts.values()) {
    const entries = entriesOf(books).filter((entry) => entry.account === account);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1));
    entries.reduce((balance, { points, balanceAfter }) => {
      expect(balanceAfter).toBe(balance + points);
      expect(balanceAfter).toBeGreaterThanOrEqual(0);
      return balanceAfter;
    }, 0);
    expect(account.balance).toBe(account.lots.reduce((sum, { remaining }) => sum + remaining, 0));
    expect(account.balance).toBe(entries.at(-1)?.balanceAfter ?? 0);
    if (account.lastEntryAt?.getTime() === now.getTime()) {
      expect(account.lots.filter((lot) => isDue(lot, now) && lot.remaining > 0)).toEqual([]);
    }
    const standing = books.standings.get(named(account.partnerId, account.memberId))!;
    const counted = account.lots.filter(({ isCounted }) => isCounted);
    expect(standing.lifetimePoints).toBe(counted.reduce((sum, { points }) => sum + points, 0));
  }
}

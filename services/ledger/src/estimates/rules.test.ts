import { describe, expect, it } from '@jest/globals';
import { AppError, Miss } from '@punchcard/contracts';
import fc from 'fast-check';
import { givenBooks, later, NOW, purchase, redeem, tier, type Given } from '../../test/given-books.ts';
import { book } from '../booking/batch-rules.ts';
import type { Books, PurchaseOrder, RedeemOrder } from '../booking/rules.ts';
import { estimateOf, type Estimate } from './rules.ts';

const asked = (order: PurchaseOrder | RedeemOrder) =>
  order.kind === 'purchase' ? { ...order, isExplained: true } : order;

/** What the order really comes to. */
function outcomeOf(books: Books, order: PurchaseOrder | RedeemOrder): { data: unknown } | { code: string } {
  try {
    return { data: book(books, order).data };
  } catch (error) {
    if (error instanceof AppError) return { code: error.code };
    throw error;
  }
}

const rulesOf = ({ explain }: Estimate) => Object.fromEntries(explain.map(({ rule, ...told }) => [rule, told]));

describe('an estimate', () => {
  const step = fc.record({
    member: fc.nat(2),
    isRedemption: fc.boolean(),
    amount: fc.integer({ min: 1, max: 5_000 }),
    days: fc.nat(20),
    reference: fc.option(fc.constantFrom('a', 'b', 'c')),
    staffId: fc.option(fc.constant('ona')),
  });
  const terms = fc.record({
    pointsExpirationMonths: fc.constantFrom(null, 1, 3),
    pendingDays: fc.constantFrom(0, 10),
    initialBonusPoints: fc.constantFrom(0, 30),
    minPurchaseMinor: fc.constantFrom(null, 500),
    maxPointsPerPurchase: fc.constantFrom(null, 100),
    pointsPerCurrency: fc.integer({ min: 1, max: 50 }),
    roundPointsUp: fc.boolean(),
    expirationDate: fc.constantFrom(null, later(100)),
  });
  const ladder = fc.record({
    threshold: fc.integer({ min: 1, max: 500 }),
    multiplierBp: fc.integer({ min: 10_000, max: 40_000 }),
    redemptionDiscountBp: fc.nat(10_000),
  });
  const limits = fc.record({
    points: fc.integer({ min: 1, max: 300 }),
    maxPerMember: fc.constantFrom(null, 1, 2),
    maxNumberToRedeem: fc.constantFrom(null, 3),
    isActive: fc.constant(true),
  });

  const programme = fc.record({ card: terms, top: ladder, reward: limits });

  it('says what the order then answers, for any card, ladder, reward and history', () => {
    fc.assert(
      fc.property(programme, fc.array(step, { maxLength: 25 }), ({ card, top, reward }, steps) => {
        const openBooks = () =>
          givenBooks({
            ...{ card, reward, tiers: [tier('bronze', 0), tier('gold', top.threshold, top)] },
            counter: { partnerId: 'partner', id: 'reward', used: 0 },
          });
        const books = openBooks();
        let days = 0;
        const made: (PurchaseOrder | RedeemOrder)[] = [];
        for (const { member, isRedemption, amount, days: passed, reference, staffId } of steps) {
          const candidates = [{ kind: 'id' as const, identifier: `member-${member}` }];
          const fields = { now: later((days += passed)), candidates, reference, staffId };
          const order = isRedemption ? redeem(fields) : purchase(amount / 100, fields);
          // Books that went through the same: those of an estimate are thrown away.
          const dry = openBooks();
          for (const before of made) outcomeOf(dry, before);
          made.push(order);

          expectForetold(() => estimateOf(dry, asked(order)), outcomeOf(books, order));
        }
      }),
      { numRuns: 60 },
    );
  });

  function expectForetold(run: () => Estimate, outcome: ReturnType<typeof outcomeOf>): void {
    let estimate: Estimate;
    try {
      estimate = run();
    } catch (error) {
      expect(outcome).toEqual({ code: (error as AppError).code });
      return;
    }
    if ('code' in outcome) {
      expect([estimate.data, estimate.refusal?.code]).toEqual([null, outcome.code]);
    } else {
      expect(estimate.refusal).toBeNull();
      expect(withoutIds(estimate.data)).toEqual(withoutIds(outcome.data));
    }
  }

  const withoutIds = (data: unknown) => {
    const { transaction_id: _id, bonus_transaction_id: _bonusId, ...rest } = data as Record<string, unknown>;
    return rest;
  };
});

describe('what is explained', () => {
  it('of a redemption: every rule it meets, and all but the discount let a good one pass', () => {
    const books = givenBooks({
      reward: { maxPerMember: 2, maxNumberToRedeem: 10 },
      counter: { partnerId: 'partner', id: 'reward', used: 4 },
      tiers: [tier('gold', 0, { redemptionDiscountBp: 1_250 })],
    });
    book(books, purchase(24.5));

    const estimate = estimateOf(books, redeem());

    expect(estimate.data).toMatchObject({ points_deducted: 175, member_balance: 245, new_balance: 70 });
    expect(estimate.explain).toEqual([
      ...[
        ['card_in_use', 'card', 'The card and its club are in use.', null],
        ['reward_available', 'reward', 'The reward is active, within its dates and on this card.', null],
        ['max_number_to_redeem', 'reward', '4 of 10 were redeemed.', null],
        ['max_per_member', 'reward', 'The member redeemed 0 of at most 2.', null],
        ['tier_redemption_discount', 'gold', 'Tier gold takes 12.5 % off 200 points, rounded up, at least 1.', -175],
        ['balance', 'card', '245 points can be spent; the price is 175.', -175],
      ].map(([rule, id, why, points]) => ({ rule, id, matched: true, why, points })),
    ]);
  });

  it.each<[string, Given, code: string, rule: string]>([
    ['too few points', {}, 'INSUFFICIENT_POINTS', 'balance'],
    ['a reward that is off', { reward: { isActive: false, points: 1 } }, 'REWARD_NOT_AVAILABLE', 'reward_available'],
    ['a reward of other cards', { reward: { cardIds: [], points: 1 } }, 'REWARD_NOT_AVAILABLE', 'reward_available'],
    ['a member who had enough', { reward: { maxPerMember: 0, points: 1 } }, 'REWARD_NOT_AVAILABLE', 'max_per_member'],
    [
      'a stock that is out',
      {
        reward: { maxNumberToRedeem: 4, points: 1 },
        counter: { partnerId: 'partner', id: 'reward', used: 4 },
      },
      'REWARD_NOT_AVAILABLE',
      'max_number_to_redeem',
    ],
    ['a club that is off', { card: { clubIsActive: false }, reward: { points: 1 } }, 'CARD_INACTIVE', 'card_in_use'],
  ])('of %s: the one rule that does not let it pass', (_name, given, ...[code, rule]) => {
    const on = givenBooks({ reward: given.reward! });
    book(on, purchase(1));
    const books = { ...givenBooks(given), accounts: on.accounts, standings: on.standings };

    const estimate = estimateOf(books, redeem());

    expect([estimate.data, estimate.refusal?.code]).toEqual([null, code]);
    const against = estimate.explain.filter(({ rule: name, matched }) => !matched && !name.startsWith('tier_'));
    expect(against.map(({ rule: name }) => name)).toEqual([rule]);
  });

  it('of a purchase on a card that earns nothing: why', () => {
    const estimate = estimateOf(givenBooks({ card: { expirationDate: NOW } }), asked(purchase(1)));

    expect(estimate.refusal?.code).toBe('CARD_EXPIRED');
    expect(rulesOf(estimate)).toMatchObject({ card_expired: { matched: true, points: null } });
  });

  it('of a repeat: that it is one', () => {
    const books = givenBooks();
    book(books, purchase(1, { reference: 'receipt' }));

    const estimate = estimateOf(books, asked(purchase(1, { reference: 'receipt' })));

    expect(estimate.data).toMatchObject({ points_awarded: 10, duplicate: true });
    expect(estimate.explain.map(({ rule }) => rule)).toEqual(['reference']);
  });
});

describe('a purchase of nobody', () => {
  it('is rated without tier, bonus and balance', () => {
    const books = givenBooks({
      card: { initialBonusPoints: 50 },
      tiers: [tier('gold', 0, { multiplierBp: 20_000 })],
    });

    expect(estimateOf(books, asked(purchase(24.5, { candidates: [] }))).data).toMatchObject({
      ...{ points_awarded: 245, bonus_points: 0, tier: null, tier_changed: false, points_to_next_tier: null },
      ...{ new_balance: null, member_balance: null, member_id: null, matched_by: null },
    });
  });
});

describe('what is wrong with the request itself', () => {
  it.each([
    ['fields', purchase(1.001), 'VALIDATION_FAILED'],
    ['staff', redeem({ staffId: 'ona' }), 'VALIDATION_FAILED'],
    ['a used reference with other content', purchase(2, { reference: 'receipt' }), 'REFERENCE_CONFLICT'],
  ])('is refused as ever: %s', (_name, order, code) => {
    const books = givenBooks({ staff: { isActive: false } });
    book(books, purchase(30, { reference: 'receipt' }));

    expect(() => estimateOf(books, order)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['a card', purchase(1, { cardId: 'unknown' })],
    ['a member', redeem({ candidates: [] })],
    ['a reward', redeem({ rewardId: 'unknown' })],
  ])('is a miss when the copy lacks %s', (_name, order) => {
    expect(() => estimateOf(givenBooks(), order)).toThrow(Miss);
  });
});

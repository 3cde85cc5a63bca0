import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { estimate, estimateStamps, newId } from '@punchcard/contracts';
import fc from 'fast-check';
import { givenStamper, givenStampCard } from './given-stamps.ts';
import { givenMember, givenProgramme, givenStaff, givenTill, startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => stopAndVerify(ledger));

async function givenShop(terms: Parameters<typeof givenProgramme>[1] = {}) {
  const given = await givenProgramme(ledger.sql, terms);
  const till = givenTill(ledger, given);
  const named = { card_id: given.cardId, member_identifier: given.email };
  const ask = (body: object) => till.send(estimate, { body });
  return {
    given,
    till,
    askBuy: (amount: number, body: object = {}) =>
      ask({ type: 'purchase', ...named, purchase_amount: amount, ...body }),
    askRedeem: (body: object = {}) => ask({ type: 'redeem', ...named, reward_id: given.rewardId, ...body }),
    ask,
  };
}

/** Everything that the partner has in the ledger, outbox and keys too. */
const rowsOf = async (partnerId: string) => {
  const tables = [
    ...['entries', 'accounts', 'lots', 'lot_spends', 'member_standings', 'counters', 'idempotency_keys'],
    ...['stamp_progress', 'stamp_events'],
  ];
  const rows = await Promise.all([
    ...tables.map(
      (name) => ledger.sql`select * from ${ledger.sql(name)} where partner_id = ${partnerId} order by 1, 2, 3`,
    ),
    ledger.sql`select event_id from outbox where partner_id = ${partnerId} order by id`,
  ]);
  return JSON.stringify(rows);
};

describe('POST /partner/transactions/estimate', () => {
  it('says what a purchase would answer, without ids, and explains it', async () => {
    const { till, askBuy } = await givenShop({
      card: { initialBonusPoints: 50, pointsExpirationMonths: 12, pendingDays: 3 },
      tiers: [{ name: 'bronze' }, { name: 'gold', pointsThreshold: 100, multiplierBp: 15_000 }],
    });

    const { status, body } = await askBuy(24.5);
    const bought = await till.buy(24.5, {}, { query: { explain: 'true' } });

    const {
      transaction_id: _,
      bonus_transaction_id: __,
      activates_at: from,
      expires_at: to,
      ...said
    } = bought.body.data;
    expect([status, body.data]).toEqual([
      200,
      {
        ...{ type: 'purchase', ...said, activates_at: expect.any(String), expires_at: expect.any(String) },
        ...{ would_succeed: true, error: null },
      },
    ]);
    expect(Math.abs(Date.parse(body.data.activates_at) - Date.parse(from))).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(body.data.expires_at) - Date.parse(to))).toBeLessThan(60_000);
  });

  it('books nothing, announces nothing and uses up neither reference nor key, however often', async () => {
    const { given, till, askBuy, askRedeem } = await givenShop({ reward: { maxNumberToRedeem: 5, maxPerMember: 1 } });
    await till.buy(24.5);
    const before = await rowsOf(given.partnerId);

    const answers = await times(10, (n) =>
      n % 2 === 0 ? askBuy(1, { reference: 'receipt' }) : askRedeem({ reference: 'receipt' }),
    );

    expect(answers.map(({ body }) => body.data.would_succeed)).toEqual(Array(10).fill(true));
    expect(await rowsOf(given.partnerId)).toBe(before);
    expect((await till.buy(1, { reference: 'receipt' })).body.data.duplicate).toBe(false);
    expect((await till.redeem({ reference: 'receipt' })).body.data.duplicate).toBe(false);
    expect((await askBuy(1, { reference: 'receipt' })).body.data).toMatchObject({
      duplicate: true,
      points_awarded: 10,
    });
    expect(await askBuy(2, { reference: 'receipt' })).toMatchObject({
      status: 409,
      body: { code: 'REFERENCE_CONFLICT' },
    });
  });

  it('tells a business refusal as a result, with its details and the rules that were tried', async () => {
    const { given, askBuy, askRedeem } = await givenShop({ card: { expirationDate: '2021-01-01T00:00:00.000Z' } });

    expect(await askBuy(1)).toMatchObject({
      status: 200,
      body: {
        error: false,
        data: {
          ...{ type: 'purchase', would_succeed: false, points_awarded: null, card_id: given.cardId, member_id: null },
          error: { code: 'CARD_EXPIRED', details: { card_id: given.cardId, expired_at: '2021-01-01T00:00:00.000Z' } },
          explain: [{ rule: 'card_expired', matched: true }],
        },
      },
    });
    const refused = (await askRedeem()).body.data;
    expect(refused).toMatchObject({
      ...{ type: 'redeem', would_succeed: false, points_deducted: null, reward_id: given.rewardId, reward: null },
      error: { code: 'INSUFFICIENT_POINTS', details: { required: 10, balance: 0 } },
    });
    expect(refused.explain.filter(({ matched }: { matched: boolean }) => !matched)).toMatchObject([
      { rule: 'tier_redemption_discount', why: 'The member holds no tier.' },
      { rule: 'balance', why: '0 points can be spent; the price is 10.' },
    ]);
  });

  it('rates a purchase of nobody without tier', async () => {
    const { askBuy } = await givenShop({
      card: { initialBonusPoints: 50 },
      tiers: [{ name: 'gold', multiplierBp: 20_000 }],
    });

    expect((await askBuy(24.5, { member_identifier: undefined })).body.data).toMatchObject({
      ...{ would_succeed: true, points_awarded: 245, tier: null, bonus_points: 0, new_balance: null, member_id: null },
    });
    expect((await askBuy(24.5)).body.data).toMatchObject({ points_awarded: 490, bonus_points: 50, tier: 'gold' });
  });

  it('refuses bad input as ever, every field at once, also those that the type does not take', async () => {
    const { given, ask, askBuy, askRedeem } = await givenShop();
    const staff = await givenStaff(ledger.sql, { ...given, clubId: newId() });
    const errorsOf = async (answer: ReturnType<typeof ask>) => {
      const { status, body } = await answer;
      return [status, body.details?.errors];
    };

    expect(await errorsOf(ask({}))).toEqual([422, { type: [expect.any(String)], card_id: ['is required'] }]);
    expect(await errorsOf(ask({ type: 'redeem', card_id: 'x', purchase_amount: 1, items: [] }))).toEqual([
      422,
      {
        card_id: ['must be a UUID'],
        member_identifier: ['is required'],
        reward_id: ['is required'],
        purchase_amount: ['is not a known field'],
        items: ['is not a known field'],
      },
    ]);
    expect(await errorsOf(ask({ type: 'purchase', card_id: given.cardId, reward_id: given.rewardId }))).toEqual([
      422,
      { purchase_amount: ['is required'], reward_id: ['is not a known field'] },
    ]);
    expect(await errorsOf(askBuy(1.001, { staff_id: staff.staffId }))).toEqual([
      422,
      { purchase_amount: [expect.any(String)], staff_id: [expect.any(String)] },
    ]);
    expect(await askBuy(1, { card_id: newId() })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await askBuy(1, { member_identifier: 'nobody@example.com' })).toMatchObject({
      status: 404,
      body: { code: 'MEMBER_NOT_FOUND' },
    });
    expect(await askRedeem({ reward_id: newId() })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', details: { resource: 'reward', field: 'reward_id' } },
    });
    const other = await givenProgramme(ledger.sql);
    expect((await askBuy(1, { card_id: other.cardId })).status).toBe(404);
  });

  it('is right for random purchases and redemptions of members with a past', async () => {
    const { given, till, askBuy, askRedeem } = await givenShop({
      card: { initialBonusPoints: 7, minPurchaseMinor: 200, maxPointsPerPurchase: 500, pointsPerCurrency: 7 },
      reward: { points: 90, maxPerMember: 8 },
      tiers: [
        { name: 'bronze' },
        { name: 'gold', pointsThreshold: 700, multiplierBp: 12_500, redemptionDiscountBp: 995 },
      ],
    });
    const members = await times(3, () => givenMember(ledger.sql, given.partnerId));
    const step = fc.record({ who: fc.nat(2), isRedemption: fc.boolean(), cents: fc.integer({ min: 1, max: 9_999 }) });
    const steps = fc.sample(step, { numRuns: 80, seed: 7 });

    for (const { who, isRedemption, cents } of steps) {
      const body = { member_identifier: members[who]!.email };
      const said = (await (isRedemption ? askRedeem(body) : askBuy(cents / 100, body))).body.data;
      const done = (await (isRedemption ? till.redeem(body) : till.buy(cents / 100, body))).body;
      if (said.would_succeed) {
        const { transaction_id: _id, bonus_transaction_id: _bonusId, expires_at: _at, ...rest } = done.data;
        expect(said).toMatchObject(rest);
      } else {
        expect(said.error).toEqual({ code: done.code, message: done.message, details: done.details });
      }
    }
  });

  it('waits for nobody: not even for a member whose row is locked', async () => {
    const { given, till, askBuy, askRedeem } = await givenShop({ reward: { maxNumberToRedeem: 5 } });
    await till.buy(10);
    await ledger.sql.begin(async (tx) => {
      await tx`select 1 from accounts where partner_id = ${given.partnerId} for update`;
      await tx`select 1 from member_standings where partner_id = ${given.partnerId} for update`;
      await tx`select 1 from counters where partner_id = ${given.partnerId} for update`;

      expect((await askBuy(1)).body.data).toMatchObject({ member_balance: 100, new_balance: 110 });
      expect((await askRedeem()).body.data).toMatchObject({ member_balance: 100, new_balance: 90 });
    });
  });
});

describe('internal.stamp_cards.estimate', () => {
  async function givenStamps(fields: Parameters<typeof givenStampCard>[2] = {}) {
    const given = await givenProgramme(ledger.sql);
    const paying = { rewardPoints: 100, rewardCardId: given.cardId };
    const { stampCardId } = await givenStampCard(ledger.sql, given, { ...paying, ...fields });
    const till = givenTill(ledger, given);
    const ask = (body: object = {}) =>
      till.send(estimateStamps, { params: { id: stampCardId }, body: { member_identifier: given.email, ...body } });
    return { given, stampCardId, ask, stamper: givenStamper(ledger, given, stampCardId) };
  }

  it('says what the stamps would answer, and gives none', async () => {
    const { given, ask, stamper } = await givenStamps();
    await stamper.add({ stamps: 4 });
    const before = await rowsOf(given.partnerId);

    const said = (await ask({ stamps: 3, reference: 'receipt' })).body.data;
    expect(await rowsOf(given.partnerId)).toBe(before);
    const done = (await stamper.add({ stamps: 3, reference: 'receipt' })).body.data;

    const { transaction_id: _id, stamp_event_id: _eventId, last_stamp_at: at, ...rest } = done;
    expect(said).toMatchObject({ ...rest, completed: true, points_awarded: 100, would_succeed: true, error: null });
    expect(Math.abs(Date.parse(said.last_stamp_at) - Date.parse(at))).toBeLessThan(60_000);
    expect(said.explain).toMatchObject([{ rule: 'stamps', matched: true, points: 100 }]);
  });

  it('tells a business refusal as a result, and refuses what is wrong with the request as ever', async () => {
    const { stampCardId, ask } = await givenStamps({ maxStampsPerTransaction: 2 });

    expect((await ask({ stamps: 3 })).body.data).toMatchObject({
      ...{ stamp_card_id: stampCardId, would_succeed: false, stamps_added: null },
      error: { code: 'STAMP_LIMIT_REACHED', details: { limit: 2 } },
      explain: [{ rule: 'stamp_limit_reached', matched: true }],
    });
    expect((await ask({ stamps: 0 })).status).toBe(422);
    expect((await ask({ member_identifier: 'nobody@example.com' })).status).toBe(404);
  });
});

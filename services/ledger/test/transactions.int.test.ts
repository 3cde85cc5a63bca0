import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getTransaction, listTransactions, newId } from '@punchcard/contracts';
import { saveCard } from '../src/replicas/store.ts';
import { dayOf, givenMember, givenProgramme, givenTill, plainCard, startLedger, times, type Ledger } from './given.ts';
import { purchaseOf, redemptionOf, startBooking } from './orders.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger?.stop());

describe('GET /partner/transactions', () => {
  it('shows an entry as it was booked', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 12 } });
    const till = givenTill(ledger, given);
    const items = [
      { id: 'a', name: 'Coffee', quantity: 2, amount: 20.5, sku: 'C1' },
      { id: 'b', name: 'Bun', quantity: 0.5, amount: 4, category: 'food' },
    ];
    const bought = await till.buy(24.5, { reference: 'receipt', note: 'Coffee and pastry', items });

    const { body } = await till.send(listTransactions);

    expect(body.pagination).toEqual({ current_page: 1, per_page: 25, total: 1, last_page: 1 });
    expect(body.data).toEqual([
      {
        ...{
          id: bought.body.data.transaction_id,
          member_id: given.memberId,
          card_id: given.cardId,
          club_id: given.clubId,
        },
        ...{ staff_id: null, staff_name: 'System', reward_id: null, event: 'staff_credited_points_for_purchase' },
        ...{ points: 245, balance_after: 245, purchase_amount: 24.5, currency: 'EUR', status: 'completed' },
        ...{ reversed_points: 0, reverses_id: null, reference: 'receipt', note: 'Coffee and pastry', group_id: null },
        ...{ claim_code: null },
        ...{ activates_at: null, expires_at: bought.body.data.expires_at, breakdown: bought.body.data.breakdown },
        items: [
          { ...items[0], reversed_amount: 0 },
          { ...items[1], reversed_amount: 0 },
        ],
        ...{ occurred_at: expect.any(String), created_at: expect.any(String) },
      },
    ]);
  });

  it('filters by everything the contract names, newest first, page by page', async () => {
    const given = await givenProgramme(ledger.sql, { card: { initialBonusPoints: 3 } });
    const till = givenTill(ledger, given);
    const other = await givenMember(ledger.sql, given.partnerId);
    const [cardId, clubId] = [newId(), given.clubId];
    const from = dayOf(given.partner);
    await ledger.sql.begin((tx) =>
      saveCard(tx, { ...plainCard, sequence: 1, partnerId: given.partnerId, clubId, cardId, pendingDays: 3 }),
    );
    await till.buy(1, { reference: 'r-1' });
    await till.buy(2, { card_id: cardId });
    await till.redeem();
    await till.buy(4, { member_identifier: other.email });
    const pointsOf = async (query: Record<string, string | number>) => {
      const { body } = await till.send(listTransactions, { query });
      return (body.data as { points: number }[]).map(({ points }) => points);
    };
    const to = dayOf(given.partner);

    expect(await pointsOf({})).toEqual([3, 40, -10, 20, 3, 10].toSorted(() => 0));
    expect(await pointsOf({ member_identifier: given.email })).toEqual([-10, 20, 3, 10]);
    expect(await pointsOf({ member_identifier: other.memberId })).toEqual([3, 40]);
    expect(await pointsOf({ card_id: cardId })).toEqual([20]);
    expect(await pointsOf({ club_id: clubId, event: 'initial_bonus_points' })).toEqual([3, 3]);
    expect(await pointsOf({ event: 'points_adjusted' })).toEqual([]);
    expect(await pointsOf({ status: 'pending' })).toEqual([20]);
    expect(await pointsOf({ status: 'completed', card_id: given.cardId, member_identifier: given.email })).toHaveLength(
      3,
    );
    expect(await pointsOf({ status: 'reversed' })).toEqual([]);
    expect(await pointsOf({ reference: 'r-1' })).toEqual([10]);
    expect(await pointsOf({ staff_id: newId() })).toEqual([]);
    expect(await pointsOf({ from, to })).toHaveLength(6);
    expect(await pointsOf({ to: '2020-01-01' })).toEqual([]);
    expect(await pointsOf({ from: '0000-01-01', to: '9999-12-31' })).toHaveLength(6);
    expect(await pointsOf({ page: 2, per_page: 4 })).toHaveLength(2);
    expect(await pointsOf({ page: 1_000_000_000 })).toEqual([]);
    expect(await pointsOf({ member_identifier: 'nobody@example.com' })).toEqual([]);
  });

  it('is empty for another partner', async () => {
    const [given, other] = await times(2, () => givenProgramme(ledger.sql));
    await givenTill(ledger, given!).buy(1);

    expect((await givenTill(ledger, other!).send(listTransactions)).body.data).toEqual([]);
  });
});

describe('GET /partner/transactions/{id}', () => {
  it('shows the lots that an entry opened or used, in the order in which they were used', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 }, reward: { points: 15 } });
    const till = givenTill(ledger, given);
    const [first, second] = [await till.buy(1), await till.buy(2)].map(({ body }) => body.data);
    const redeemed = (await till.redeem()).body.data;
    const get = async (id: string) => (await till.send(getTransaction, { params: { id } })).body.data;

    expect((await get(first.transaction_id)).lots).toEqual([
      { lot_id: first.transaction_id, points: 10, expires_at: first.expires_at },
    ]);
    expect(await get(redeemed.transaction_id)).toMatchObject({
      ...{ points: -15, purchase_amount: null, currency: null, reward_id: given.rewardId, reversals: [] },
      lots: [
        { lot_id: first.transaction_id, points: 10, expires_at: first.expires_at },
        { lot_id: second.transaction_id, points: 5, expires_at: second.expires_at },
      ],
    });
  });

  it("does not know another partner's transaction", async () => {
    const [given, other] = await times(2, () => givenProgramme(ledger.sql));
    const { transaction_id: id } = (await givenTill(ledger, given!).buy(1)).body.data;

    const answer = await givenTill(ledger, other!).send(getTransaction, { params: { id } });

    expect(answer).toMatchObject({ status: 404, body: { details: { resource: 'transaction', id } } });
  });
});

describe('an expiry', () => {
  it('is dated at the instant it was due, between what came before and after', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 } });
    const booking = startBooking(ledger.url);
    const bought = await booking.submit(purchaseOf(given, 2));
    const due = new Date(bought.data.expires_at!);
    await booking.submit(purchaseOf(given, 3, { now: new Date(due.getTime() + 5_000) }));
    await booking.submit(redemptionOf(given, { now: new Date(due.getTime() + 6_000) }));
    await booking.stop();

    const { body } = await givenTill(ledger, given).send(listTransactions);

    expect((body.data as { event: string; points: number }[]).map(({ event, points }) => [event, points])).toEqual([
      ['staff_redeemed_points_for_reward', -10],
      ['staff_credited_points_for_purchase', 30],
      ['points_expired', -20],
      ['staff_credited_points_for_purchase', 20],
    ]);
    expect(body.data[2]).toMatchObject({ occurred_at: due.toISOString(), created_at: due.toISOString() });
  });
});

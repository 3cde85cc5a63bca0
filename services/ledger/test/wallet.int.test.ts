import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getMyBalance,
  getMyTier,
  listMyBalances,
  listMyTransactions,
  memberBalance,
  memberCards,
  newId,
} from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import { saveCard, saveClub, saveTier, type CardCopy, type TierCopy } from '../src/replicas/store.ts';
import { PARTNER_WIDE } from '../src/tiers/rules.ts';
import {
  dayOf,
  givenMember,
  givenProgramme,
  givenTill,
  givenWallet,
  plainCard,
  plainTier,
  startLedger,
  times,
} from './given.ts';
import type { Ledger, Programme } from './given.ts';
import { purchaseOf, startBooking } from './orders.ts';

let ledger: Ledger;
let booking: ReturnType<typeof startBooking>;
beforeAll(async () => {
  ledger = await startLedger();
  booking = startBooking(ledger.url);
});
afterAll(async () => {
  await booking?.stop();
  await ledger?.stop();
});

const DAY_MS = 86_400_000;
const inDays = (days: number, from = Date.now()) => new Date(from + days * DAY_MS);

/** Another card of the programme, with a club of its own. */
async function givenCard({ partnerId }: Programme, card: Partial<CardCopy> = {}) {
  const ids = { partnerId, cardId: newId(), clubId: newId(), sequence: 1 };
  await ledger.sql.begin(async (tx) => {
    await saveClub(tx, { partnerId, clubId: ids.clubId, isActive: true, sequence: 1 });
    await saveCard(tx, { ...plainCard, ...ids, ...card });
  });
  return ids;
}

const givenTier = ({ partnerId }: Programme, tier: Partial<TierCopy>) => {
  const tierId = newId();
  return ledger.sql.begin(async (tx) => {
    await saveTier(tx, { ...plainTier, partnerId, tierId, sequence: 1, ...tier });
    return tierId;
  });
};

const cardsIn = (body: { data: { card_id: string }[] }) => body.data.map((item) => item.card_id);

describe('GET /member/balance', () => {
  it('shows every card that the member has used, the last used first, by title and with the tier that counts for it', async () => {
    const given = await givenProgramme(ledger.sql, {
      card: {
        ...{ pendingDays: 5, pointsExpirationMonths: 12, pointsExpirationRounding: 'year' },
        titles: { en_US: 'Coffee', lt_LT: 'Kava' },
      },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 25 },
      ],
    });
    const second = await givenCard(given, { name: 'Tea card', currency: 'JPY', currencyUnitMinor: 1 });
    await givenTier(given, { scopeId: second.clubId, name: 'local', isDefault: true });
    await givenCard(given, { isVisibleByDefault: true });
    await booking.submit(purchaseOf({ ...given, ...second }, 4, { now: inDays(-8) }));
    const active = await booking.submit(purchaseOf(given, 2, { now: inDays(-7) }));
    const pending = await booking.submit(purchaseOf(given, 1, { now: inDays(-2) }));
    const isSameYear = active.data.expires_at === pending.data.expires_at;

    const { body } = await givenWallet(ledger, given).send(listMyBalances, { language: 'lt' });

    expect(body.data).toEqual([
      {
        ...{ card_id: given.cardId, card_name: 'Kava', balance: 30, active: 20, pending: 10, held: 0 },
        expiring_next: { points: isSameYear ? 30 : 20, expires_at: active.data.expires_at },
        ...{ currency: 'EUR', tier: 'gold' },
      },
      {
        ...{ card_id: second.cardId, card_name: 'Tea card', balance: 40, active: 40, pending: 0, held: 0 },
        ...{ expiring_next: null, currency: 'JPY', tier: 'local' },
      },
    ]);
    expect(body).not.toHaveProperty('pagination');
  });

  it('counts what is due as gone, whether its expiry was booked or not, and leaves out a card that is no more', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 } });
    const gone = await givenCard(given);
    await booking.submit(purchaseOf(given, 2, { now: inDays(-60) }));
    await booking.submit(purchaseOf({ ...given, ...gone }, 1));
    await ledger.sql.begin((tx) => saveCard(tx, { ...plainCard, ...gone, isDeleted: true, sequence: 2 }));

    const { body } = await givenWallet(ledger, given).send(listMyBalances);

    expect(body.data).toMatchObject([
      { card_id: given.cardId, balance: 0, active: 0, expiring_next: null, tier: null },
    ]);
  });

  it('agrees with the balance of each card', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1, pendingDays: 2 } });
    const wallet = givenWallet(ledger, given);
    for (const days of [-20, -10, -1]) await booking.submit(purchaseOf(given, 1, { now: inDays(days) }));

    const [item] = (await wallet.send(listMyBalances)).body.data;
    const one = (await wallet.send(getMyBalance, { params: { cardId: given.cardId } })).body.data;

    const { next_activation: _, ...breakdown } = one.breakdown;
    expect(item).toMatchObject({ balance: one.balance, tier: one.tier, ...breakdown });
    expect(one.breakdown).toMatchObject({ active: 20, pending: 10 });
  });

  it('is empty for a member who has used nothing, and for one of another partner', async () => {
    const [given, other] = [await givenProgramme(ledger.sql), await givenProgramme(ledger.sql)];
    await givenTill(ledger, given).buy(1);
    const friend = { ...given, ...(await givenMember(ledger.sql, given.partnerId)) };
    const spy = { ...other, memberId: given.memberId };

    for (const wallet of [friend, other, spy]) {
      expect((await givenWallet(ledger, wallet).send(listMyBalances)).body.data).toEqual([]);
    }
  });
});

describe('GET /member/balance/{cardId}', () => {
  it('answers what the partner is told, also of another instant, without the id', async () => {
    const given = await givenProgramme(ledger.sql, {
      card: { pointsExpirationMonths: 12 },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 100 },
      ],
    });
    const till = givenTill(ledger, given);
    const bought = await booking.submit(purchaseOf(given, 2, { now: inDays(-3) }));
    const wallet = givenWallet(ledger, given);

    for (const at of [inDays(-4), inDays(-2), new Date(bought.data.expires_at!)]) {
      const query = { at: at.toISOString() };
      const theirs = await till.send(memberBalance, { params: { id: given.memberId, cardId: given.cardId }, query });
      const own = await wallet.send(getMyBalance, { params: { cardId: given.cardId }, query });
      const { member_id: memberId, ...rest } = theirs.body.data;
      expect(memberId).toBe(given.memberId);
      expect(own.body.data).toEqual(rest);
    }
  });

  it('shows zeros on a card for everybody, and knows no other that the member has not used', async () => {
    const given = await givenProgramme(ledger.sql, { card: { isVisibleByDefault: true } });
    const wallet = givenWallet(ledger, given);
    const hidden = await givenCard(given);
    const off = await givenCard(given, { isVisibleByDefault: true, isActive: false });
    const early = await givenCard(given, { isVisibleByDefault: true, issueDate: inDays(1).toISOString() });
    const past = await givenCard(given, { isVisibleByDefault: true, expirationDate: inDays(-1).toISOString() });
    const other = await givenProgramme(ledger.sql, { card: { isVisibleByDefault: true } });
    const get = (cardId: string) => wallet.send(getMyBalance, { params: { cardId } });

    expect((await get(given.cardId)).body.data).toMatchObject({ balance: 0, lifetime_points: 0 });
    expect((await get(past.cardId)).status).toBe(200);
    for (const id of [hidden.cardId, off.cardId, early.cardId, other.cardId, newId(), 'nonsense']) {
      expect(await get(id)).toMatchObject({
        ...{ status: 404, body: { code: 'NOT_FOUND', details: { resource: 'card', id } } },
      });
    }
    await booking.submit(purchaseOf({ ...given, ...hidden }, 1));
    expect((await get(hidden.cardId)).body.data.balance).toBe(10);
    expect((await get(hidden.cardId.toUpperCase())).status).toBe(200);
  });
});

describe('GET /member/transactions', () => {
  it('shows what was booked for the member, without clubs, staff and what these noted', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const items = [{ id: 'a', name: 'Coffee', quantity: 1, amount: 2 }];
    const bought = await till.buy(2, { reference: 'receipt', note: 'always late', items });

    const { body } = await givenWallet(ledger, given).send(listMyTransactions);

    expect(body.pagination).toEqual({ current_page: 1, per_page: 25, total: 1, last_page: 1 });
    expect(body.data).toEqual([
      {
        ...{ id: bought.body.data.transaction_id, member_id: given.memberId, card_id: given.cardId, reward_id: null },
        ...{ event: 'staff_credited_points_for_purchase', points: 20, balance_after: 20, purchase_amount: 2 },
        ...{ currency: 'EUR', status: 'completed', reversed_points: 0, reverses_id: null, reference: 'receipt' },
        ...{ activates_at: null, expires_at: null, breakdown: bought.body.data.breakdown, claim_code: null },
        ...{ occurred_at: expect.any(String), created_at: expect.any(String) },
      },
    ]);
  });

  it('filters by card, event and day, newest first, page by page', async () => {
    const given = await givenProgramme(ledger.sql, { card: { initialBonusPoints: 3 } });
    const other = await givenCard(given, { pendingDays: 3 });
    const from = dayOf(given.partner);
    const till = givenTill(ledger, given);
    await till.buy(1);
    await till.buy(2, { card_id: other.cardId });
    await till.redeem();
    const wallet = givenWallet(ledger, given);
    const pointsOf = async (query: Record<string, string | number>) => {
      const { body } = await wallet.send(listMyTransactions, { query });
      return (body.data as { points: number }[]).map(({ points }) => points);
    };
    const to = dayOf(given.partner);

    expect(await pointsOf({})).toEqual([-10, 20, 3, 10]);
    expect(await pointsOf({ card_id: other.cardId })).toEqual([20]);
    expect(await pointsOf({ card_id: newId() })).toEqual([]);
    expect(await pointsOf({ event: 'initial_bonus_points' })).toEqual([3]);
    expect(await pointsOf({ from, to })).toHaveLength(4);
    expect(await pointsOf({ to: '2020-01-01' })).toEqual([]);
    expect(await pointsOf({ page: 2, per_page: 3 })).toEqual([10]);
    for (const query of [{ staff_id: newId() }, { event: 'bought' }, { from, to: '2020-01-01' }]) {
      expect((await wallet.send(listMyTransactions, { query: { ...query } as Record<string, string> })).status).toBe(
        422,
      );
    }
  });

  it("shows nothing of others' purchases", async () => {
    const given = await givenProgramme(ledger.sql);
    await givenTill(ledger, given).buy(1);
    const friend = { ...given, ...(await givenMember(ledger.sql, given.partnerId)) };

    expect((await givenWallet(ledger, friend).send(listMyTransactions)).body).toMatchObject({
      ...{ data: [], pagination: { total: 0 } },
    });
  });
});

describe('GET /member/tier', () => {
  it('shows each ladder that counts for a card which the member sees, and the way to the next tier', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pendingDays: 5 } });
    const shown = await givenCard(given, { isVisibleByDefault: true });
    const local = await givenCard(given, { pendingDays: 0 });
    const hidden = await givenCard(given);
    const bronze = await givenTier(given, { name: 'bronze', isDefault: true, level: 1 });
    const gold = await givenTier(given, {
      ...{ name: 'gold', displayNames: { en_US: 'Gold', lt_LT: 'Auksas' }, level: 2, pointsThreshold: 100 },
      ...{ multiplierBp: 12_500, redemptionDiscountBp: 1_250, icon: 'star', color: '#FFD700' },
    });
    await givenTier(given, { name: 'gone', level: 3, pointsThreshold: 50, isDeleted: true });
    const first = await givenTier(given, { scopeId: local.clubId, name: 'first', isDefault: true, level: 0 });
    await givenTier(given, { scopeId: hidden.clubId, name: 'secret', isDefault: true });
    await booking.submit(purchaseOf(given, 9, { now: inDays(-6) }));
    await booking.submit(purchaseOf(given, 5, { now: inDays(-1) }));
    await booking.submit(purchaseOf({ ...given, ...local }, 1));
    const wallet = givenWallet(ledger, given);

    expect((await wallet.send(getMyTier, { language: 'lt' })).body.data.ladders).toEqual([
      {
        scope: 'partner',
        card_ids: [given.cardId, shown.cardId].toSorted(),
        tier: {
          ...{ id: gold, name: 'gold', display_name: 'Auksas', level: 2, points_multiplier: 1.25 },
          ...{ redemption_discount: 12.5, icon: 'star', color: '#FFD700' },
        },
        ...{ lifetime_points: 100, next_tier: null, points_to_next_tier: null },
      },
      {
        ...{ scope: 'club', card_ids: [local.cardId] },
        tier: {
          ...{ id: first, name: 'first', display_name: 'first', level: 0, points_multiplier: 1 },
          ...{ redemption_discount: 0, icon: null, color: null },
        },
        ...{ lifetime_points: 10, next_tier: null, points_to_next_tier: null },
      },
    ]);
    const stranger = { ...given, ...(await givenMember(ledger.sql, given.partnerId)) };
    expect((await givenWallet(ledger, stranger).send(getMyTier)).body.data.ladders).toEqual([
      {
        ...{ scope: 'partner', card_ids: [shown.cardId], tier: expect.objectContaining({ id: bronze }) },
        ...{ lifetime_points: 0, points_to_next_tier: 100 },
        next_tier: { id: gold, name: 'gold', display_name: 'Gold', points_threshold: 100 },
      },
    ]);
  });

  it('has no ladder where there is none', async () => {
    const given = await givenProgramme(ledger.sql);
    await givenTill(ledger, given).buy(1);
    await givenProgramme(ledger.sql, { tiers: [{ name: 'theirs', scopeId: PARTNER_WIDE, isDefault: true }] });

    expect((await givenWallet(ledger, given).send(getMyTier)).body.data).toEqual({ ladders: [] });
  });
});

describe('internal.members.cards', () => {
  it('names the cards on which a member of this partner has an entry', async () => {
    const [given, other] = [await givenProgramme(ledger.sql), await givenProgramme(ledger.sql)];
    const card = await givenCard(given);
    const till = givenTill(ledger, given);
    await till.buy(1);
    await till.buy(0.01, { card_id: card.cardId });
    const cardsOf = async (partnerId: string, id: string) => {
      const { body } = await ledger.send(systemCaller({ partnerId }), memberCards, { params: { id } });
      return (body.data.card_ids as string[]).toSorted();
    };

    expect(await cardsOf(given.partnerId, given.memberId)).toEqual([given.cardId, card.cardId].toSorted());
    expect(await cardsOf(other.partnerId, given.memberId)).toEqual([]);
    expect(await cardsOf(given.partnerId, newId())).toEqual([]);
  });
});

describe('two hundred cards', () => {
  it('are what one call lists at most', async () => {
    const given = await givenProgramme(ledger.sql);
    const cards = Array.from({ length: 201 }, () => ({ clubId: given.clubId, cardId: newId(), sequence: 1 }));
    await ledger.sql.begin(async (tx) => {
      for (const card of cards) await saveCard(tx, { ...plainCard, ...card, partnerId: given.partnerId });
    });
    const start = Date.now();
    await times(201, (n) =>
      booking.submit(purchaseOf({ ...given, cardId: cards[n]!.cardId }, 1, { now: new Date(start + n) })),
    );

    const { body } = await givenWallet(ledger, given).send(listMyBalances);

    expect(cardsIn(body)).toHaveLength(200);
    expect(cardsIn(body)).not.toContain(cards[0]!.cardId);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memberBalance, newId } from '@punchcard/contracts';
import { sweep } from '../src/lots/sweep.ts';
import { givenMember, givenProgramme, givenTill, startLedger, stopAndVerify } from './given.ts';
import type { Ledger, Programme } from './given.ts';
import { purchaseOf, redemptionOf, startBooking } from './orders.ts';

let ledger: Ledger;
let booking: ReturnType<typeof startBooking>;
beforeAll(async () => {
  ledger = await startLedger();
  booking = startBooking(ledger.url);
});
afterAll(async () => {
  await booking?.stop();
  await stopAndVerify(ledger);
});

const DAY_MS = 86_400_000;
const inDays = (days: number, from = Date.now()) => new Date(from + days * DAY_MS);

async function balanceOf(given: Programme, at?: Date) {
  const { send } = givenTill(ledger, given);
  const query = at === undefined ? {} : { at: at.toISOString() };
  const { body } = await send(memberBalance, { params: { id: given.memberId, cardId: given.cardId }, query });
  return body.data;
}

describe('GET /partner/members/{id}/balance/{cardId}', () => {
  it('shows zeros without entries, with the default tier', async () => {
    const given = await givenProgramme(ledger.sql, {
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 100 },
      ],
    });

    expect(await balanceOf(given)).toEqual({
      ...{ member_id: given.memberId, card_id: given.cardId, balance: 0, currency: 'EUR', at: expect.any(String) },
      breakdown: { active: 0, pending: 0, held: 0, expiring_next: null, next_activation: null },
      ...{ lifetime_points: 0, tier: 'bronze', points_to_next_tier: 100 },
    });
  });

  it('shows what may be spent, what is pending, and what comes next', async () => {
    const given = await givenProgramme(ledger.sql, {
      card: { pendingDays: 10, pointsExpirationMonths: 12, pointsExpirationRounding: 'year' },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 25 },
      ],
    });
    const now = Date.now();
    const first = await booking.submit(purchaseOf(given, 2, { now: inDays(-20, now) }));
    const second = await booking.submit(purchaseOf(given, 3, { now: inDays(-1, now) }));
    const { expires_at: expiresAt } = second.data;
    const points = first.data.expires_at === expiresAt ? 50 : 20;

    expect(await balanceOf(given)).toMatchObject({
      balance: 50,
      breakdown: {
        ...{ active: 20, pending: 30, held: 0, expiring_next: { points, expires_at: first.data.expires_at } },
        next_activation: { points: 30, activates_at: second.data.activates_at },
      },
      ...{ lifetime_points: 20, tier: 'bronze', points_to_next_tier: 5 },
    });
    expect(await balanceOf(given, new Date(second.data.activates_at!))).toMatchObject({
      ...{ balance: 50, breakdown: { active: 50, pending: 0, next_activation: null } },
      ...{ lifetime_points: 50, tier: 'gold', points_to_next_tier: null },
    });
    expect(await balanceOf(given, new Date(expiresAt!))).toMatchObject({
      ...{ balance: 0, breakdown: { active: 0, expiring_next: null }, lifetime_points: 50 },
    });
  });

  it('shows the balance of any instant before, with what was spent and expired by then', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 }, reward: { points: 15 } });
    const start = inDays(-40).getTime();
    const bought = await booking.submit(purchaseOf(given, 2, { now: new Date(start) }));
    await booking.submit(redemptionOf(given, { now: inDays(1, start) }));
    await booking.submit(purchaseOf(given, 4, { now: inDays(39, start) }));
    const due = new Date(bought.data.expires_at!);

    const balances = [-1, 0, 0.5, 1, 28, 39, 40].map(
      async (days) => (await balanceOf(given, inDays(days, start))).balance,
    );

    expect(await Promise.all(balances)).toEqual([0, 20, 20, 5, due > inDays(28, start) ? 5 : 0, 40, 40]);
    expect((await balanceOf(given, new Date(due.getTime() - 1))).balance).toBe(5);
    expect((await balanceOf(given, due)).balance).toBe(0);
    expect((await balanceOf(given, inDays(1, start))).lifetime_points).toBe(20);
    expect((await balanceOf(given)).lifetime_points).toBe(60);
  });

  it('counts a purchase that a till dated a little ahead', async () => {
    const given = await givenProgramme(ledger.sql);
    await givenTill(ledger, given).buy(1, { occurred_at: new Date(Date.now() + 200_000).toISOString() });

    expect((await balanceOf(given)).balance).toBe(10);
  });

  it.each([
    ['a member', 'id', 'MEMBER_NOT_FOUND'],
    ['a card', 'cardId', 'NOT_FOUND'],
  ])('does not know %s of another partner, a made-up one, or nonsense', async (_name, field, code) => {
    const [given, other] = [await givenProgramme(ledger.sql), await givenProgramme(ledger.sql)];
    const { send } = givenTill(ledger, given);
    const theirs = field === 'id' ? other.memberId : other.cardId;

    for (const value of [theirs, newId(), 'nonsense']) {
      const params = { id: given.memberId, cardId: given.cardId, [field]: value };
      expect(await send(memberBalance, { params })).toMatchObject({ status: 404, body: { code } });
    }
  });
});

describe('the sweep', () => {
  it('books what is due of everybody, once, and changes no balance that was shown', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 } });
    const another = { ...given, ...(await givenMember(ledger.sql, given.partnerId)) };
    const before = inDays(-60);
    for (const member of [given, another]) await booking.submit(purchaseOf(member, 2, { now: before }));
    await booking.submit(purchaseOf(given, 3, { now: inDays(-59) }));
    expect((await balanceOf(given)).balance).toBe(0);

    await sweep({ sql: ledger.sql, booking }, new Date());
    await sweep({ sql: ledger.sql, booking }, new Date());

    const expired = await ledger.sql`
      select points, balance_after from entries
      where partner_id = ${given.partnerId} and event = 'points_expired'
      order by points, balance_after
    `;
    expect([...expired]).toEqual([
      { points: -30, balanceAfter: 0 },
      { points: -20, balanceAfter: 0 },
      { points: -20, balanceAfter: 30 },
    ]);
    expect((await balanceOf(given)).balance).toBe(0);
  });

  it('counts points that woke, moves the member up, and tells it', async () => {
    const given = await givenProgramme(ledger.sql, {
      card: { pendingDays: 5 },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 20 },
      ],
    });
    await booking.submit(purchaseOf(given, 2, { now: inDays(-6) }));

    await sweep({ sql: ledger.sql, booking }, new Date());

    const moves = await ledger.sql`
      select data ->> 'new_tier' as tier from outbox
      where partner_id = ${given.partnerId} and type = 'ledger.member_tier_changed.v1' order by id
    `;
    expect(moves.map(({ tier }) => tier)).toEqual(['bronze', 'gold']);
    expect(await balanceOf(given)).toMatchObject({ lifetime_points: 20, tier: 'gold', breakdown: { pending: 0 } });
  });
});

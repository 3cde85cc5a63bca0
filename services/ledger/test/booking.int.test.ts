import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { saveCard } from '../src/replicas/store.ts';
import { verifyLedger } from '../src/verify/verify-ledger.ts';
import { givenMember, givenProgramme, givenTill, plainCard, startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger } from './given.ts';
import { purchaseOf, redemptionOf, startBooking } from './orders.ts';

let ledger: Ledger;
beforeAll(async () => {
  // Two processes, each with lanes of its own: what they agree on, the database decided.
  ledger = await startLedger(2);
});
afterAll(() => stopAndVerify(ledger));

describe('POST /partner/transactions/purchase', () => {
  it('makes one transaction of fifty parallel requests with one key, whichever process they reach', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);

    const answers = await times(50, () => till.buy(24.5, {}, { key: 'order-1' }));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await bookedOn(given)).toEqual({ balance: 245, seq: 1, lots: 245, entries: 1, outbox: 1 });
  });

  it('makes one transaction of fifty parallel requests with one reference; the others are duplicates', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);

    const answers = await times(50, () => till.buy(24.5, { reference: 'receipt' }));

    expect(new Set(answers.map(({ body }) => body.data.transaction_id)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.data.duplicate)).toHaveLength(1);
    expect(await bookedOn(given)).toMatchObject({ balance: 245, seq: 1 });
  });

  it('counts every first purchase of a new member on many cards at once', async () => {
    const given = await givenProgramme(ledger.sql, { card: { initialBonusPoints: 5 } });
    const till = givenTill(ledger, given);
    const cards = await times(8, () => givenCard(given));

    const answers = await times(80, (n) => till.buy(1, { card_id: cards[n % 8] }));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 80 }, () => 200));
    expect(answers.filter(({ body }) => body.data.bonus_points === 5)).toHaveLength(0);
    const [standing] = await ledger.sql`
      select lifetime_points from member_standings where partner_id = ${given.partnerId}
    `;
    expect(standing).toEqual({ lifetimePoints: 800 });
  });

  it('tells each of fifty parallel purchases the balance that it made, one on top of the other', async () => {
    const till = givenTill(ledger, await givenProgramme(ledger.sql));

    const answers = await times(50, () => till.buy(1));

    const told = answers.map(({ body }) => [body.data.member_balance, body.data.new_balance] as [number, number]);
    expect(told.toSorted(([a], [b]) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => [n * 10, n * 10 + 10]));
  });

  it('takes no line that was voided: what is taken back is no part of what was bought', async () => {
    const given = await givenProgramme(ledger.sql);
    const line = (id: string, quantity: number, amount: number) => ({ id, name: id, quantity, amount });

    const { status, body } = await givenTill(ledger, given).buy(1, {
      items: [line('bun', 1, 3), line('voided', -1, -2), line('nothing', 0, 0)],
    });

    expect([status, Object.keys(body.details.errors)]).toEqual([
      422,
      ['items[1].quantity', 'items[1].amount', 'items[2].quantity'],
    ]);
    expect(await bookedOn(given)).toBeUndefined();
  });

  it('answers a replayed key with the very same body, and refuses it for another request', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const first = await till.buy(24.5, { note: 'bun' }, { key: 'order-1', query: { explain: 'true' } });

    const again = await till.buy(24.5, { note: 'bun' }, { key: 'order-1', query: { explain: 'true' } });
    const other = await till.buy(24.51, { note: 'bun' }, { key: 'order-1', query: { explain: 'true' } });

    expect(again).toMatchObject({ status: 200, body: first.body, isReplayed: true });
    expect(first.body.data.explain).toHaveLength(6);
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(new Date(other.body.details.first_used_at).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('finds the member by every kind of identifier, and says by which', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);

    const byEmail = await till.buy(1, { member_identifier: given.email.toUpperCase() });
    const byId = await till.buy(1, { member_identifier: given.memberId.toUpperCase() });

    expect(byEmail.body.data).toMatchObject({ matched_by: 'email', member_id: given.memberId });
    expect(byId.body.data).toMatchObject({ matched_by: 'id', member_id: given.memberId });
  });

  it.each([
    ['a card', { card_id: newId() }, 'NOT_FOUND'],
    ['a member', { member_identifier: 'nobody@example.com' }, 'MEMBER_NOT_FOUND'],
  ])('refuses %s that the partner does not have', async (_name, body, code) => {
    const given = await givenProgramme(ledger.sql);

    expect(await givenTill(ledger, given).buy(1, body)).toMatchObject({ status: 404, body: { code } });
    expect(await bookedOn(given)).toBeUndefined();
  });

  it("refuses another partner's card and member exactly as missing ones", async () => {
    const [given, other] = await Promise.all([givenProgramme(ledger.sql), givenProgramme(ledger.sql)]);
    const till = givenTill(ledger, given);

    expect(await till.buy(1, { card_id: other.cardId })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', details: { resource: 'card', id: other.cardId, field: 'card_id' } },
    });
    expect(await till.buy(1, { member_identifier: other.memberId })).toMatchObject({
      status: 404,
      body: { code: 'MEMBER_NOT_FOUND', details: { member_identifier: other.memberId } },
    });
  });
});

describe('POST /partner/transactions/redeem', () => {
  it('lets ten of two hundred parallel requests through when the points suffice for ten', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await times(10, () => till.buy(1));

    const answers = await times(200, () => till.redeem());

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    for (const { status, body } of answers.filter(({ status: code }) => code !== 200)) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'INSUFFICIENT_POINTS', details: { required: 10, balance: 0 } });
    }
    expect(await bookedOn(given)).toEqual({ balance: 0, seq: 20, lots: 0, entries: 20, outbox: 20 });
  });

  it('sells exactly the stock, whoever asks at once', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { maxNumberToRedeem: 10, maxPerMember: 3 } });
    const till = givenTill(ledger, given);
    const members = await times(8, () => givenMember(ledger.sql, given.partnerId));
    await Promise.all(members.map(({ email }) => till.buy(100, { member_identifier: email })));

    const answers = await times(80, (n) => till.redeem({ member_identifier: members[n % 8]!.email }));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const reasons = new Set(answers.flatMap(({ body }) => body.details?.reason ?? []));
    expect([...reasons].every((reason) => reason === 'out_of_stock' || reason === 'member_limit')).toBe(true);
    const [counter] = await ledger.sql`select used from counters where partner_id = ${given.partnerId}`;
    expect(counter).toEqual({ used: 10 });
  });

  it('takes more lots than are at hand, the earliest first', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 180 } });
    const till = givenTill(ledger, given);
    for (let n = 0; n < 4; n += 1) await times(50, () => till.buy(0.1));

    expect((await till.redeem()).body.data).toMatchObject({ member_balance: 200, new_balance: 20 });
    expect((await till.redeem()).body).toMatchObject({ code: 'INSUFFICIENT_POINTS', details: { balance: 20 } });
    const [spent] = await ledger.sql`
      select count(*) as lots, sum(points)::bigint as points from lot_spends where partner_id = ${given.partnerId}
    `;
    expect(spent).toEqual({ lots: 180, points: 180 });
  });

  it('reads all anew when the e-mail is taken from the member after the account was locked by it', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await till.buy(10);

    let redeeming: ReturnType<typeof till.redeem> | undefined;
    await ledger.sql.begin(async (tx) => {
      await tx`select 1 from accounts where partner_id = ${given.partnerId} for update`;
      redeeming = till.redeem();
      await waitFor('the batch at the lock', async () => {
        const waiting = await ledger.sql`
          select 1 from pg_stat_activity
          where datname = current_database() and application_name = 'ledger lanes' and wait_event_type = 'Lock'
        `;
        return waiting.length > 0;
      });
      await ledger.sql`delete from member_identifiers where partner_id = ${given.partnerId} and kind = 'email'`;
    });

    expect(await redeeming).toMatchObject({ status: 404, body: { code: 'MEMBER_NOT_FOUND' } });
    expect((await till.redeem({ member_identifier: given.memberId })).body.data).toMatchObject({ new_balance: 90 });
  });
});

describe('a batch', () => {
  it('fails only the command that the database does not take', async () => {
    const given = await givenProgramme(ledger.sql);
    const booking = startBooking(ledger.url, 1);

    const orders = Array.from({ length: 20 }, (_, n) =>
      purchaseOf(given, 1, n === 7 ? { note: 'PostgreSQL takes no \0' } : {}),
    );
    const outcomes = await Promise.allSettled(orders.map((order) => booking.submit(order)));
    await booking.stop();

    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, n) => (n === 7 ? 'rejected' : 'fulfilled')),
    );
    expect(await bookedOn(given)).toMatchObject({ balance: 190, seq: 19, lots: 190 });
  });

  it('expires points at the very instant they are due, without a sweep', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 } });
    const booking = startBooking(ledger.url);
    const bought = await booking.submit(purchaseOf(given, 1.5));
    const due = new Date(bought.data.expires_at!);
    const before = new Date(due.getTime() - 1);

    const early = await booking.submit(redemptionOf(given, { now: before }));
    const late = booking.submit(redemptionOf(given, { now: due, transactionId: newId() }));

    await expect(late).rejects.toMatchObject({ code: 'INSUFFICIENT_POINTS', details: { balance: 0 } });
    await booking.stop();
    expect(early.data).toMatchObject({ member_balance: 15, new_balance: 5 });
    const entries = await ledger.sql`
      select event, points, balance_after, occurred_at, created_at
      from entries
      where partner_id = ${given.partnerId} and seq = 3
    `;
    expect([...entries]).toEqual([
      { event: 'points_expired', points: -5, balanceAfter: 0, occurredAt: due, createdAt: due },
    ]);
  });

  it('keeps pending points out of the balance that can be spent until they wake', async () => {
    const given = await givenProgramme(ledger.sql, {
      card: { pendingDays: 14 },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 15 },
      ],
    });
    const booking = startBooking(ledger.url);
    const { data } = await booking.submit(purchaseOf(given, 1.5));
    const active = new Date(data.activates_at!);

    const early = booking.submit(redemptionOf(given, { now: new Date(active.getTime() - 1) }));
    await expect(early).rejects.toMatchObject({ code: 'INSUFFICIENT_POINTS', details: { balance: 0 } });
    const { data: redeemed } = await booking.submit(redemptionOf(given, { now: active }));
    await booking.stop();

    expect(data).toMatchObject({ status: 'pending', tier: 'bronze', new_balance: 15 });
    expect(redeemed).toMatchObject({ member_balance: 15, new_balance: 5 });
    const moves = await ledger.sql`
      select data ->> 'previous_tier' as previous, data ->> 'new_tier' as next, sequence
      from outbox
      where partner_id = ${given.partnerId} and type = 'ledger.member_tier_changed.v1'
      order by id
    `;
    expect([...moves]).toEqual([
      { previous: null, next: 'bronze', sequence: 1 },
      { previous: 'bronze', next: 'gold', sequence: 2 },
    ]);
  });

  it('loses and doubles nothing when its connections are killed, if callers repeat with their keys', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const buy = async (n: number) => {
      for (let tries = 0; ; tries += 1) {
        const { status } = await till.buy(1, {}, { key: `order-${n}` });
        if (status === 200) return;
        expect(status).toBe(503);
        expect(tries).toBeLessThan(20);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    const bought = times(200, buy);
    for (let kills = 0; kills < 5; kills += 1) {
      await ledger.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'ledger lanes' and datname = current_database()
      `;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await bought;

    expect(await bookedOn(given)).toEqual({ balance: 2_000, seq: 200, lots: 2_000, entries: 200, outbox: 200 });
  });

  it('holds together under a mix of orders from two processes on few accounts', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 30, maxNumberToRedeem: 25 } });
    const till = givenTill(ledger, given);
    const members = await times(3, () => givenMember(ledger.sql, given.partnerId));

    const answers = await times(300, (n) => {
      const body = { member_identifier: n % 2 === 0 ? members[n % 3]!.email : members[n % 3]!.memberId };
      return n % 3 === 0 ? till.redeem(body) : till.buy(1 + (n % 4), body, n % 5 === 0 ? { key: `key-${n % 40}` } : {});
    });

    expect(answers.every(({ status }) => status === 200 || status === 422)).toBe(true);
    expect((await verifyLedger(ledger.sql, given.partnerId)).failed).toBeNull();
  });
});

async function bookedOn({ partnerId }: { partnerId: string }) {
  const [booked] = await ledger.sql`
    select
      balance, seq,
      (select sum(remaining) from lots where partner_id = ${partnerId})::bigint as lots,
      (select count(*) from entries where partner_id = ${partnerId}) as entries,
      (select count(*) from outbox where partner_id = ${partnerId}) as outbox
    from accounts
    where partner_id = ${partnerId}
  `;
  return booked;
}

/** Another card of the same club, with a plain rule. */
async function givenCard({ partnerId, clubId }: { partnerId: string; clubId: string }): Promise<string> {
  const cardId = newId();
  await ledger.sql.begin((tx) => saveCard(tx, { ...plainCard, sequence: 1, partnerId, clubId, cardId }));
  return cardId;
}

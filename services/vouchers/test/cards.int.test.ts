import {
  cardChanged,
  createVoucher,
  createVoucherBatch,
  deleteVoucher,
  holdCardForVouchers,
  newId,
  releaseCardForVouchers,
  updateVoucher,
} from '@punchcard/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemCaller } from '@punchcard/service-kit';
import { waitFor } from '@punchcard/testing';
import { saveCard } from '../src/replicas/store.ts';
import { givenMember, givenProgramme, startVouchers, times, type Programme, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers({ processes: 2, jobs: false });
});
beforeEach(() => vouchers.ledger.away(false));
afterAll(() => vouchers?.stop());

/** The catalog asks for a partner of whom it may know no more than the id. */
const asCatalog = ({ partnerId }: Programme, endpoint: typeof holdCardForVouchers | typeof releaseCardForVouchers) => {
  const caller = systemCaller({ partnerId });
  return (id: string, body: object) => vouchers.send(caller, endpoint, { params: { id }, body });
};
const hold = async (given: Programme, holdId = newId(), id = given.cardId) => {
  const { status, body } = await asCatalog(given, holdCardForVouchers)(id, { hold_id: holdId });
  return { status, data: body.data as { in_use: number; hold_id: string | null }, holdId };
};
const release = (given: Programme, holdId: string, isDeleted = false) =>
  asCatalog(given, releaseCardForVouchers)(given.cardId, { hold_id: holdId, is_deleted: isDeleted });
const bonus = ({ cardId }: Programme, fields: object = {}) => ({
  ...{ name: 'Welcome', type: 'bonus_points', value: 150, reward_card_id: cardId, ...fields },
});
const add = (given: Programme, fields: object = {}) =>
  given.send(createVoucher, { body: { club_id: given.clubId, ...bonus(given, fields) } });

describe('a card that the catalog is about to delete', () => {
  it('is not held while a voucher that can still be redeemed pays onto it, or a batch will', async () => {
    const given = await givenProgramme(vouchers);
    const { id } = await given.voucher(bonus(given));
    await given.voucher(bonus(given, { valid_from: '2100-01-01T00:00:00Z' }));

    expect((await hold(given)).data).toEqual({ in_use: 2, hold_id: null });
    expect((await hold(given, newId(), given.cardId.toUpperCase())).data.in_use).toBe(2);
    expect((await add(given)).status).toBe(201);
    expect((await given.redeem(id)).status).toBe(200);
    const { club_id, ...template } = { club_id: given.clubId, ...bonus(given) };
    await given.send(createVoucherBatch, { body: { name: 'Many', count: 1_001, template: { club_id, ...template } } });
    expect((await hold(given)).data.in_use).toBe(1_004);
  });

  it('is held beside vouchers that are off, over, used up or deleted, and those that pay onto another', async () => {
    const given = await givenProgramme(vouchers);
    const other = newId();
    await vouchers.sql.begin((tx) =>
      saveCard(tx, { partnerId: given.partnerId, cardId: other, isDeleted: false, sequence: 2 }),
    );
    await given.voucher(bonus(given, { is_active: false }));
    await given.voucher(bonus(given, { valid_until: '2020-01-01T00:00:00Z' }));
    const { id: used } = await given.voucher(bonus(given, { max_uses_total: 1 }));
    expect((await given.redeem(used)).body.data.points_status).toBe('booked');
    const { id: gone } = await given.voucher(bonus(given));
    await given.send(deleteVoucher, { params: { id: gone } });
    await given.voucher(bonus(given, { reward_card_id: other }));
    await given.voucher();

    const { data, holdId } = await hold(given);

    expect(data).toEqual({ in_use: 0, hold_id: holdId });
  });

  it('takes no voucher that begins to pay onto it, new, changed or switched on, until it is released', async () => {
    const given = await givenProgramme(vouchers);
    const { id: off } = await given.voucher(bonus(given, { is_active: false }));
    const { id: plain } = await given.voucher();
    const { holdId } = await hold(given);
    const { name: _, ...template } = { club_id: given.clubId, ...bonus(given) };
    const begin = () => [
      add(given),
      given.send(createVoucherBatch, { body: { name: 'Many', count: 5, template } }),
      given.send(updateVoucher, { params: { id: plain }, body: bonus(given) }),
      given.send(updateVoucher, { params: { id: off }, body: { is_active: true } }),
    ];

    for (const { status, body } of await Promise.all(begin())) {
      expect([status, body.code, body.retry_strategy]).toEqual([503, 'SERVICE_UNAVAILABLE', 'backoff']);
    }
    const renamed = await given.send(updateVoucher, { params: { id: off }, body: { name: 'Off' } });
    expect([
      renamed.status,
      (await given.send(createVoucher, { body: { club_id: given.clubId, name: 'x', type: 'free_shipping' } })).status,
    ]).toEqual([200, 201]);

    await release(given, holdId);
    expect((await Promise.all(begin())).map(({ status }) => status)).toEqual([201, 201, 200, 200]);
  });

  it('is redeemed onto by nobody: to come back is all that tills are told, and nothing is used', async () => {
    const given = await givenProgramme(vouchers);
    const { id, code } = await given.voucher(bonus(given, { is_active: false }));
    const { holdId } = await hold(given);
    // As no request could have it: a voucher that slipped in.
    await vouchers.sql`update vouchers set is_active = true where partner_id = ${given.partnerId}`;

    for (const { status, body } of [await given.redeem(id, {}, { key: 'order-1' }), await given.validate(code)]) {
      expect([status, body.code, body.retry_strategy]).toEqual([503, 'SERVICE_UNAVAILABLE', 'backoff']);
    }
    await release(given, holdId);

    expect((await given.validate(code)).body.data).toMatchObject({ valid: true, times_used: 0 });
    expect((await given.redeem(id, {}, { key: 'order-1' })).body.data).toMatchObject({ points_status: 'booked' });
  });

  it('has all points of earlier redemptions with the ledger, also those that were left to events, before it is held', async () => {
    const given = await givenProgramme(vouchers);
    const { id } = await given.voucher(bonus(given, { max_uses_total: 40 }));
    const members = await times(40, () => givenMember(vouchers.sql, given.partnerId));
    vouchers.ledger.away(true);
    const redeemed = await Promise.all(members.map(({ email }) => given.redeem(id, { member_identifier: email })));
    const ids = redeemed.map(({ body }) => body.data.redemption_id);
    expect(new Set(redeemed.map(({ body }) => body.data.points_status))).toEqual(new Set(['queued']));
    // One whose process died before anybody was told.
    await vouchers.sql`update redemptions set points_status = 'undecided' where redemption_id = ${ids[0]}`;

    expect(await hold(given)).toMatchObject({ status: 503 });
    vouchers.ledger.away(false);
    expect((await hold(given)).data.in_use).toBe(0);

    expect(ids.filter((one) => !vouchers.ledger.awards.has(one))).toEqual([]);
    const told = await vouchers.sql`
      select points_status, count(*) from redemptions where partner_id = ${given.partnerId} group by 1 order by 1
    `;
    expect(told).toEqual([
      { pointsStatus: 'booked', count: 1 },
      { pointsStatus: 'queued', count: 39 },
    ]);
    const asked = vouchers.ledger.asked();
    await hold(given);
    expect(vouchers.ledger.asked()).toBe(asked);
  });

  it('is not held up by points that the ledger refuses for good', async () => {
    const given = await givenProgramme(vouchers);
    const { id } = await given.voucher(bonus(given, { max_uses_total: 1 }));
    vouchers.ledger.away(true);
    const { body } = await given.redeem(id);
    vouchers.ledger.away(false);
    vouchers.ledger.refused.add(body.data.redemption_id);

    expect((await hold(given)).data.in_use).toBe(0);
  });

  it('is either held or redeemed onto, with the points booked by then, never half of both', async () => {
    const given = await givenProgramme(vouchers);
    for (let n = 1; n <= 25; n += 1) {
      const cardId = newId();
      await vouchers.sql.begin((tx) =>
        saveCard(tx, { partnerId: given.partnerId, cardId, isDeleted: false, sequence: n }),
      );
      const { id } = await given.voucher(bonus(given, { max_uses_total: 1, reward_card_id: cardId }));

      const redeeming = given.redeem(id);
      const asked = await hold({ ...given, cardId });
      const awards = new Set(vouchers.ledger.awards.keys());
      const redeemed = await redeeming;

      expect([200, 503]).toContain(redeemed.status);
      if (asked.data.in_use > 0) continue;
      if (redeemed.status === 200) expect(awards).toContain(redeemed.body.data.redemption_id);
    }
  });

  it('waits for no redemption, but counts the voucher of one that is under way', async () => {
    const given = await givenProgramme(vouchers);
    const { id } = await given.voucher(bonus(given, { max_uses_total: 1 }));
    let redeeming: ReturnType<typeof given.redeem> | undefined;
    await vouchers.sql.begin(async (tx) => {
      await tx`select 1 from vouchers where partner_id = ${given.partnerId} for update`;
      redeeming = given.redeem(id);
      expect((await hold(given)).data).toEqual({ in_use: 1, hold_id: null });
    });
    expect((await redeeming!).status).toBe(200);
    expect((await hold(given)).data.in_use).toBe(0);
  });

  it('counts a voucher that ended a moment ago, which somebody may be redeeming still', async () => {
    const given = await givenProgramme(vouchers);
    await given.voucher(bonus(given));
    const end = (ago: string) =>
      vouchers.sql`update vouchers set valid_until = now() - ${ago}::interval where partner_id = ${given.partnerId}`;

    await end('1 second');
    expect((await hold(given)).data.in_use).toBe(1);
    await end('2 minutes');
    expect((await hold(given)).data.in_use).toBe(0);
  });

  it('is either held or gets a voucher, never both', async () => {
    const given = await givenProgramme(vouchers);
    for (let n = 1; n <= 10; n += 1) {
      const cardId = newId();
      await vouchers.sql.begin((tx) =>
        saveCard(tx, { partnerId: given.partnerId, cardId, isDeleted: false, sequence: n }),
      );
      const other = { ...given, cardId };

      const [{ data }, added] = await Promise.all([hold(other), add(other)]);

      expect([data.in_use, added.status]).toEqual(data.in_use === 0 ? [0, 503] : [1, 201]);
    }
  });

  it('stays held when an earlier deletion gives up after a later one began', async () => {
    const given = await givenProgramme(vouchers);
    const [first, second] = [await hold(given), await hold(given)];

    await release(given, first.holdId);
    expect((await add(given)).status).toBe(503);
    await release(given, second.holdId);

    expect((await add(given)).status).toBe(201);
  });

  it('is free when the last deletion gives up that had asked, whatever earlier ones left', async () => {
    const given = await givenProgramme(vouchers);
    await hold(given);

    // It never came here to ask.
    await release(given, newId());

    expect((await add(given)).status).toBe(201);
  });

  it('is gone as soon as the catalog says so, whatever earlier events come after', async () => {
    const given = await givenProgramme(vouchers);
    const { id, code } = await given.voucher(bonus(given, { is_active: false }));
    const { holdId } = await hold(given);

    await release(given, holdId, true);
    const data = { ...cardChanged.example, card_id: given.cardId, is_deleted: false };
    await vouchers.publish(given.partnerId, [{ event: cardChanged, key: given.partnerId, data, sequence: 7 }]);
    await waitFor('the event', async () => {
      const [card] = await vouchers.sql`select sequence from cards where card_id = ${given.cardId}`;
      return card!['sequence'] === 7;
    });

    expect((await add(given)).body).toMatchObject({ code: 'NOT_FOUND', details: { field: 'reward_card_id' } });
    const revived = await given.send(updateVoucher, { params: { id }, body: { is_active: true } });
    expect(revived.body).toMatchObject({ code: 'NOT_FOUND', details: { field: 'reward_card_id' } });
    await vouchers.sql`update vouchers set is_active = true where partner_id = ${given.partnerId}`;
    expect((await given.redeem(id)).body).toMatchObject({ code: 'VOUCHER_INVALID', details: { reason: 'inactive' } });
    expect((await given.validate(code)).body.data).toMatchObject({ valid: false, reason: 'VOUCHER_INVALID' });
  });

  it("is nothing to another partner's hold", async () => {
    const [given, other] = [await givenProgramme(vouchers), await givenProgramme(vouchers)];
    await given.voucher(bonus(given));

    expect((await hold(other, newId(), given.cardId)).data.in_use).toBe(0);
    expect((await add(given)).status).toBe(201);
  });
});

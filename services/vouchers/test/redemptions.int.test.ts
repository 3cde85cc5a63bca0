import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteVoucher, memberChanged, newId, redeemVoucher, updateVoucher } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { saveCard, saveStaff } from '../src/replicas/store.ts';
import { givenMember, givenProgramme, startVouchers, times, type Programme, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers({ processes: 2 });
});
afterAll(() => vouchers?.stop());

const membersOf = (given: Programme, count: number) => times(count, () => givenMember(vouchers.sql, given.partnerId));
const DAY_MS = 86_400_000;

describe('POST /partner/vouchers/{id}/redeem', () => {
  it('takes the discount off, counts the use and announces it', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ type: 'percentage', value: 12.5, max_discount_amount: 400, max_uses_total: 5 });

    const { status, body } = await given.redeem(made.id, {
      ...{ order_amount: 9_999, order_reference: 'order-1', staff_id: given.staffId, note: 'Two coffees' },
    });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      ...{ voucher_id: made.id, code: made.code, type: 'percentage', member_id: given.memberId },
      ...{ discount_amount: 400, capped: true, points_awarded: 0, points_status: null, remaining_uses: 4 },
      ...{ redemption_id: expect.any(String), matched_by: 'email', duplicate: false },
    });
    const [event] = await vouchers.sql`
      select key, data from outbox where partner_id = ${given.partnerId} and type = 'vouchers.voucher_redeemed.v1'
    `;
    expect(event).toEqual({
      key: given.memberId,
      data: {
        ...{ redemption_id: body.data.redemption_id, voucher_id: made.id, batch_id: null, club_id: given.clubId },
        ...{ code: made.code, type: 'percentage', member_id: given.memberId, order_minor: 9_999, discount_minor: 400 },
        ...{ currency: 'EUR', order_reference: 'order-1', card_id: null, points: 0, staff_id: given.staffId },
        redeemed_at: expect.any(String),
      },
    });
  });

  it('lets one of two hundred parallel requests have the one use, in two processes', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_total: 1 });
    const members = await membersOf(given, 200);

    const answers = await times(200, (n) => given.redeem(made.id, { member_identifier: members[n]!.email }));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(199);
    for (const { body } of refused) {
      expect(body).toMatchObject({ code: 'VOUCHER_EXHAUSTED', details: { max_uses_total: 1 } });
    }
    const [row] = await vouchers.sql`
      select times_used, (select count(*) from redemptions r where r.voucher_id = v.voucher_id) as redemptions
      from vouchers v where voucher_id = ${made.id}
    `;
    expect(row).toEqual({ timesUsed: 1, redemptions: 1 });
  });

  it('keeps to what one member may, under a hundred parallel requests by different identifiers', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_per_member: 3 });
    const identifiers = [given.email, given.memberId, given.email.toUpperCase()];

    const answers = await times(100, (n) => given.redeem(made.id, { member_identifier: identifiers[n % 3] }));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 422)?.body).toMatchObject({
      code: 'VOUCHER_MEMBER_LIMIT',
      details: { max_uses_per_member: 3, times_used_by_member: 3 },
    });
  });

  it('gives exactly as many uses as there are to many members at once', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_total: 25 });
    const members = await membersOf(given, 60);

    const answers = await times(60, (n) => given.redeem(made.id, { member_identifier: members[n]!.email }));

    const remaining = answers.filter(({ status }) => status === 200).map(({ body }) => body.data.remaining_uses);
    expect(remaining.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  it('redeems once for an Idempotency-Key, whichever process gets the repeat, and never for another request', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_per_member: null });
    const key = newId();

    const answers = await times(20, () => given.redeem(made.id, { order_amount: 900 }, { key }));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toHaveProperty('size', 1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect((await given.redeem(made.id, { order_amount: 901 }, { key })).body).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { first_used_at: expect.any(String) },
    });
  });

  it('does not keep a refusal under its Idempotency-Key', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ is_active: false });
    const key = newId();

    const refused = await given.redeem(made.id, {}, { key });
    await given.send(updateVoucher, { params: { id: made.id }, body: { is_active: true } });

    expect(refused.body).toMatchObject({ code: 'VOUCHER_INVALID', details: { reason: 'inactive' } });
    expect(await given.redeem(made.id, {}, { key })).toMatchObject({ status: 200, isReplayed: false });
  });

  it('knows an order by its reference: the same again is a duplicate, other content a conflict', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    const order = { order_amount: 900, order_reference: 'order-7' };

    const answers = await times(10, () => given.redeem(made.id, order));
    const other = await given.redeem(made.id, { ...order, order_amount: 901 });
    const another = await givenMember(vouchers.sql, given.partnerId);
    const stolen = await given.redeem(made.id, { ...order, member_identifier: another.email });

    const first = answers.filter(({ body }) => !body.data.duplicate);
    expect(first).toHaveLength(1);
    for (const { body } of answers)
      expect(body.data).toEqual({ ...first[0]!.body.data, duplicate: body.data.duplicate });
    for (const { body } of [other, stolen]) {
      expect(body).toMatchObject({
        code: 'REFERENCE_CONFLICT',
        details: { reference: 'order-7', existing_id: first[0]!.body.data.redemption_id },
      });
    }
    const second = await given.voucher();
    expect((await given.redeem(second.id, order)).body.data).toMatchObject({ duplicate: false });
  });

  it('answers an order that is repeated after who served it has left', async () => {
    const given = await givenProgramme(vouchers);
    const { partnerId, staffId, clubId } = given;
    const made = await given.voucher();
    const order = { order_reference: 'order-8', staff_id: staffId };

    const first = await given.redeem(made.id, order);
    await vouchers.sql.begin((tx) => saveStaff(tx, { partnerId, staffId, clubId, isActive: false, sequence: 2 }));

    expect((await given.redeem(made.id, order)).body.data).toEqual({ ...first.body.data, duplicate: true });
    expect((await given.redeem(made.id, { ...order, order_reference: 'order-9' })).status).toBe(422);
  });

  it('takes ids in capitals for what they are', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    const loud = { member_identifier: given.memberId.toUpperCase(), staff_id: given.staffId.toUpperCase() };

    const { body } = await given.redeem(made.id.toUpperCase(), loud);
    expect(body.data).toMatchObject({ voucher_id: made.id, member_id: given.memberId });
    expect((await given.redeem(made.id, loud)).body.code).toBe('VOUCHER_MEMBER_LIMIT');
  });

  it("keeps to what one member may while the member's e-mail becomes another", async () => {
    const given = await givenProgramme(vouchers);
    const { sql } = vouchers;
    const made = await given.voucher();
    await given.redeem(made.id);

    // A redemption that reads uses after identifiers stands between the two until the identifiers are others.
    const repeated = sql.begin(async (tx) => {
      await tx`lock table voucher_member_uses in access exclusive mode`;
      const answer = given.redeem(made.id);
      await waitFor('the redemption to wait', async () => {
        const [waiting] = await sql<{ count: number }[]>`
          select count(*) as count
          from pg_locks
          where not granted and database = (select oid from pg_database where datname = current_database())
        `;
        return waiting!.count > 0;
      });
      await tx`
        delete from member_identifiers
        where partner_id = ${given.partnerId} and member_id = ${given.memberId} and kind = 'email'
      `;
      return { answer };
    });

    expect((await (await repeated).answer).body).toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    expect((await given.redeem(made.id, { member_identifier: given.memberId })).body.code).toBe('VOUCHER_MEMBER_LIMIT');
  });

  it('asks the checks in the order of the contract', async () => {
    const given = await givenProgramme(vouchers);
    const now = Date.now();
    const at = (days: number) => new Date(now + days * DAY_MS).toISOString();
    const everything = {
      ...{ is_active: false, valid_from: at(1), valid_until: at(2), new_members_days: 1, min_purchase_amount: 1_000 },
      ...{ max_uses_total: 1, max_uses_per_member: 1 },
    };
    const old = await givenMember(vouchers.sql, given.partnerId, at(-2));
    const made = await given.voucher(everything);
    const change = (body: object) => given.send(updateVoucher, { params: { id: made.id }, body });
    const refusal = async (body: object = {}) => (await given.redeem(made.id, { order_amount: 999, ...body })).body;

    expect(await refusal()).toMatchObject({ code: 'VOUCHER_INVALID', details: { reason: 'inactive' } });
    await change({ is_active: true });
    expect(await refusal()).toMatchObject({ code: 'VOUCHER_NOT_STARTED', details: { valid_from: at(1) } });
    await change({ valid_from: at(-3), valid_until: at(-2) });
    expect(await refusal()).toMatchObject({ code: 'VOUCHER_EXPIRED', details: { valid_until: at(-2) } });
    await change({ valid_until: null });
    const byOld = { member_identifier: old.email };
    expect(await refusal(byOld)).toMatchObject({ code: 'VOUCHER_INVALID', details: { reason: 'not_a_new_member' } });
    expect(await refusal()).toMatchObject({
      code: 'VOUCHER_MINIMUM_NOT_MET',
      details: { min_purchase_amount: 1_000 },
    });
    expect((await given.redeem(made.id)).body).toMatchObject({ code: 'VOUCHER_MINIMUM_NOT_MET' });
    expect((await given.redeem(made.id, { order_amount: 1_000 })).status).toBe(200);
    expect(await refusal({ order_amount: 1_000 })).toMatchObject({ code: 'VOUCHER_MEMBER_LIMIT' });
    await change({ max_uses_per_member: null });
    expect(await refusal({ order_amount: 1_000 })).toMatchObject({ code: 'VOUCHER_EXHAUSTED' });
  });

  it('needs an order for a percentage', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ type: 'percentage', value: 10 });

    expect((await given.redeem(made.id)).body).toMatchObject({
      code: 'VOUCHER_MINIMUM_NOT_MET',
      details: { min_purchase_amount: null },
    });
    expect((await given.redeem(made.id, { order_amount: 0 })).body.data).toMatchObject({ discount_amount: 0 });
  });

  it('takes the staff of the club, and nobody else', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const made = await given.voucher();

    expect(await given.redeem(made.id, { staff_id: other.staffId })).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', details: { errors: { staff_id: [expect.any(String)] } } },
    });
    expect((await given.redeem(made.id, { staff_id: given.staffId })).status).toBe(200);
  });

  it('finds nobody of another partner, and says what was asked for', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const made = await given.voucher();

    expect(await given.redeem(made.id, { member_identifier: other.email })).toMatchObject({
      status: 404,
      body: { code: 'MEMBER_NOT_FOUND', details: { member_identifier: other.email } },
    });
  });

  it('does not redeem what is being deleted more often than it was there', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_per_member: null });

    const answers = await Promise.all([
      ...Array.from({ length: 30 }, () => given.redeem(made.id)),
      given.send(deleteVoucher, { params: { id: made.id } }),
      ...Array.from({ length: 30 }, () => given.redeem(made.id)),
    ]);

    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 404)).toEqual([]);
    const redeemed = answers.filter(({ body }) => body.data?.redemption_id !== undefined);
    const [row] = await vouchers.sql`select times_used from vouchers where voucher_id = ${made.id}`;
    expect(row?.['timesUsed']).toBe(redeemed.length);
  });
});

describe('a voucher for some members', () => {
  it('asks the ledger for tiers and first orders, and only then', async () => {
    const given = await givenProgramme(vouchers);
    const plain = await given.voucher();
    const gold = await given.voucher({ target_tiers: [given.tierId] });
    const first = await given.voucher({ first_order_only: true });
    const before = vouchers.ledger.asked();

    await given.redeem(plain.id);
    expect(vouchers.ledger.asked()).toBe(before);
    expect((await given.redeem(gold.id)).body).toMatchObject({ details: { reason: 'tier_not_targeted' } });
    vouchers.ledger.standings.set(given.memberId, { tier_ids: [given.tierId], has_purchased: true });
    expect((await given.redeem(gold.id)).status).toBe(200);
    expect((await given.redeem(first.id)).body).toMatchObject({ details: { reason: 'not_first_order' } });
    vouchers.ledger.standings.set(given.memberId, { tier_ids: [], has_purchased: false });
    expect((await given.redeem(first.id)).status).toBe(200);
  });

  it('is 503 while the ledger is away, with nothing used; a repeat of what was redeemed is answered all the same', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ first_order_only: true, max_uses_per_member: null });
    const key = newId();
    const redeemed = await given.redeem(made.id, {}, { key });

    vouchers.ledger.away(true);
    const [fresh, repeated] = [await given.redeem(made.id), await given.redeem(made.id, {}, { key })];
    vouchers.ledger.away(false);

    expect(fresh).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE', details: { service: 'ledger' } } });
    expect(repeated).toMatchObject({ status: 200, isReplayed: true, body: redeemed.body });
    const [row] = await vouchers.sql`select times_used from vouchers where voucher_id = ${made.id}`;
    expect(row?.['timesUsed']).toBe(1);
  });
});

describe('a voucher for points', () => {
  const bonus = (given: Programme, body: object = {}) =>
    given.voucher({ type: 'bonus_points', value: 150, reward_card_id: given.cardId, ...body });

  it('has them booked with the redemption as their reference, once for all repeats', async () => {
    const given = await givenProgramme(vouchers);
    const made = await bonus(given, { max_uses_per_member: null });
    const key = newId();

    const answers = await times(10, () => given.redeem(made.id, { order_reference: 'a' }, { key }));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toHaveProperty('size', 1);
    const { data } = answers[0]!.body;
    expect(data).toMatchObject({ points_awarded: 150, points_status: 'booked', discount_amount: 0 });
    expect(vouchers.ledger.awards.get(data.redemption_id)).toMatchObject({
      ...{ card_id: given.cardId, member_id: given.memberId, event: 'voucher_bonus_points', points: 150 },
    });
    const { body } = await given.redeem(made.id, { order_reference: 'a' });
    expect(body.data).toEqual({ ...data, duplicate: true });
  });

  it('leaves them to the event while the ledger is away, and says the same ever after', async () => {
    const given = await givenProgramme(vouchers);
    const made = await bonus(given);
    const key = newId();

    vouchers.ledger.away(true);
    const { body } = await given.redeem(made.id, {}, { key });
    vouchers.ledger.away(false);
    const repeated = await given.redeem(made.id, {}, { key });

    expect(body.data).toMatchObject({ points_awarded: 150, points_status: 'queued' });
    expect(repeated).toMatchObject({ status: 200, isReplayed: true, body });
    expect(vouchers.ledger.awards.has(body.data.redemption_id)).toBe(false);
    const [event] = await vouchers.sql`
      select data from outbox where partner_id = ${given.partnerId} and type = 'vouchers.voucher_redeemed.v1'
    `;
    expect(event?.['data']).toMatchObject({
      ...{ redemption_id: body.data.redemption_id, card_id: given.cardId, points: 150 },
    });
  });

  it('tells a repeat what was never told, when the process ended before it could', async () => {
    const given = await givenProgramme(vouchers);
    const made = await bonus(given);
    const key = newId();
    const { body } = await given.redeem(made.id, {}, { key });
    const id = body.data.redemption_id;
    await vouchers.sql`update redemptions set points_status = 'undecided' where redemption_id = ${id}`;

    const repeated = await given.redeem(made.id, {}, { key });

    expect(repeated.body).toEqual(body);
  });

  it('is refused once its card is gone', async () => {
    const given = await givenProgramme(vouchers);
    const made = await bonus(given);
    const { partnerId, cardId } = given;
    await vouchers.sql.begin((tx) => saveCard(tx, { partnerId, cardId, isDeleted: true, sequence: 2 }));

    expect((await given.redeem(made.id)).body).toMatchObject({
      code: 'VOUCHER_INVALID',
      details: { reason: 'inactive' },
    });
    expect((await given.validate(made.code)).body.data).toMatchObject({ valid: false, reason: 'VOUCHER_INVALID' });
  });
});

describe('POST /partner/vouchers/validate', () => {
  it('tells what redeeming would do, ignoring case, and uses nothing', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ code: 'TEN', type: 'percentage', value: 10, max_uses_total: 2 });

    const { status, body } = await given.validate('ten', { order_amount: 4_259 });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      ...{ valid: true, reason: null, message: null, voucher_id: made.id, code: 'TEN', name: 'Five off' },
      ...{ type: 'percentage', value: 10, currency: 'EUR', discount_amount: 425, capped: false },
      ...{ original_amount: 4_259, final_amount: 3_834, points: 0, times_used: 0, remaining_uses: 2 },
      ...{ valid_until: null, matched_by: 'email' },
    });
    expect((await given.redeem(made.id, { order_amount: 4_259 })).body.data).toMatchObject({
      ...{ discount_amount: body.data.discount_amount, remaining_uses: 1 },
    });
  });

  it('answers 200 with the reason that redeem would give, and takes nothing off', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ code: 'OLD', max_uses_total: 1 });
    await given.redeem(made.id);

    const { body } = await given.validate('OLD', { order_amount: 1_000 });

    const refused = await given.redeem(made.id, { order_amount: 1_000 });
    expect(body.data).toMatchObject({
      ...{ valid: false, reason: refused.body.code, message: refused.body.message },
      ...{ discount_amount: 0, capped: false, original_amount: 1_000, final_amount: 1_000 },
    });
  });

  it('knows the worth of a fixed amount without an order, and of nothing else', async () => {
    const given = await givenProgramme(vouchers);
    await given.voucher({ code: 'FIXED' });
    await given.voucher({ code: 'SHIP', type: 'free_shipping', value: null });
    const amounts = async (code: string) => {
      const { discount_amount, original_amount, final_amount, valid } = (await given.validate(code)).body.data;
      return [valid, discount_amount, original_amount, final_amount];
    };

    expect(await amounts('FIXED')).toEqual([true, 500, null, null]);
    expect(await amounts('SHIP')).toEqual([true, null, null, null]);
  });

  it('is 404 for an unknown code, one of another club and an unknown club', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    await other.voucher({ code: 'THEIRS' });
    await given.voucher({ code: 'OURS' });

    for (const code of ['THEIRS', 'NOPE', '?!', 'a code with spaces']) {
      expect(await given.validate(code)).toMatchObject({
        status: 404,
        body: { code: 'VOUCHER_NOT_FOUND', details: { code } },
      });
    }
    expect((await given.validate('OURS', { club_id: other.clubId })).body).toMatchObject({ code: 'CLUB_NOT_FOUND' });
    expect((await given.validate('OURS', { member_identifier: 'nobody' })).body).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
    });
  });
});

describe('a member who has just been made', () => {
  it('is found as soon as the event is on its topic', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    const memberId = newId();
    const data = { member_id: memberId, state: 'active', identifiers: [], registered_at: new Date().toISOString() };
    await vouchers.publish(given.partnerId, [{ event: memberChanged, key: given.partnerId, data }]);

    expect((await given.redeem(made.id, { member_identifier: memberId })).status).toBe(200);

    await vouchers.publish(given.partnerId, [
      { event: memberChanged, key: given.partnerId, sequence: 2, data: { ...data, state: 'anonymised' } },
    ]);
    await waitFor('the member to be gone', async () => {
      const { status } = await given.send(redeemVoucher, {
        params: { id: made.id },
        body: { member_identifier: memberId },
      });
      return status === 404;
    });
    const [row] = await vouchers.sql`select note from redemptions where member_id = ${memberId}`;
    expect(row?.['note']).toBeNull();
  });
});

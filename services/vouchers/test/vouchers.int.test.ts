import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createVoucher,
  createVoucherBatch,
  deleteVoucher,
  getVoucher,
  holdClubForVouchers,
  holdTierForVouchers,
  newId,
  listVouchers,
  releaseCardForVouchers,
  releaseClubForVouchers,
  releaseTierForVouchers,
  updateVoucher,
} from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import { saveCard, saveClub, saveTier } from '../src/replicas/store.ts';
import { givenProgramme, startVouchers, times, type Programme, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers();
});
afterAll(() => vouchers?.stop());

const eventsOf = async ({ partnerId }: Programme) => {
  const rows = await vouchers.sql`select type, data, sequence from outbox where partner_id = ${partnerId} order by id`;
  return rows.map(({ type, data, sequence }) => ({ event: type, sequence, ...data }));
};

describe('POST /partner/vouchers', () => {
  it('makes a voucher with the defaults of the contract, and announces it', async () => {
    const given = await givenProgramme(vouchers);

    const { status, body } = await given.send(createVoucher, {
      body: { club_id: given.clubId, code: ' spring-10 ', name: 'Spring', type: 'percentage', value: 12.5 },
    });

    expect(status).toBe(201);
    expect(body.data).toEqual({
      ...{ id: expect.any(String), club_id: given.clubId, code: 'SPRING-10', name: 'Spring', title: 'Spring' },
      ...{ description: null, type: 'percentage', value: 12.5, currency: 'EUR', min_purchase_amount: null },
      ...{ max_discount_amount: null, free_product: null, reward_card_id: null, valid_from: null, valid_until: null },
      ...{ max_uses_total: null, max_uses_per_member: 1, target_tiers: [], new_members_days: null },
      ...{ first_order_only: false, is_active: true, is_visible_by_default: true, times_used: 0, remaining_uses: null },
      ...{ batch_id: null, created_at: expect.any(String), updated_at: expect.any(String) },
    });
    expect(await eventsOf(given)).toMatchObject([
      {
        event: 'vouchers.voucher_changed.v1',
        sequence: 1,
        voucher_id: body.data.id,
        change: 'created',
        batch_id: null,
      },
    ]);
    expect((await given.send(getVoucher, { params: { id: body.data.id } })).body.data).toEqual(body.data);
  });

  it('draws a code of eight characters that cannot be misread, when none is sent', async () => {
    const given = await givenProgramme(vouchers);

    const made = await times(5, () => given.voucher());

    for (const { code } of made) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    expect(new Set(made.map(({ code }) => code)).size).toBe(5);
  });

  it('takes the values that a type has, and no others', async () => {
    const given = await givenProgramme(vouchers);
    const base = { club_id: given.clubId, name: 'x' };
    const errorsOf = async (body: object) => {
      const { status, body: answer } = await given.send(createVoucher, { body: { ...base, ...body } });
      return status === 201 ? answer.data.value : answer.details.errors;
    };
    const card = { reward_card_id: given.cardId };

    expect(await errorsOf({ type: 'percentage', value: 100 })).toBe(100);
    expect(await errorsOf({ type: 'percentage', value: 0.01 })).toBe(0.01);
    expect(await errorsOf({ type: 'percentage', value: 100.01 })).toHaveProperty('value');
    expect(await errorsOf({ type: 'percentage', value: 1.234 })).toHaveProperty('value');
    expect(await errorsOf({ type: 'percentage', value: 0 })).toHaveProperty('value');
    expect(await errorsOf({ type: 'percentage' })).toEqual({ value: ['is required for percentage'] });
    expect(await errorsOf({ type: 'fixed_amount', value: 1 })).toBe(1);
    expect(await errorsOf({ type: 'fixed_amount', value: 1.5 })).toEqual({ value: ['must be whole minor units'] });
    expect(await errorsOf({ type: 'fixed_amount', value: 5, max_discount_amount: 3 })).toHaveProperty(
      'max_discount_amount',
    );
    expect(await errorsOf({ type: 'free_shipping' })).toBeNull();
    expect(await errorsOf({ type: 'free_product', value: null, free_product: 'A cup' })).toBeNull();
    expect(await errorsOf({ type: 'free_product', value: 1 })).toHaveProperty('value');
    expect(await errorsOf({ type: 'bonus_points', value: 1_000_000, ...card })).toBe(1_000_000);
    expect(await errorsOf({ type: 'bonus_points', value: 1_000_001, ...card })).toHaveProperty('value');
    expect(await errorsOf({ type: 'bonus_points', value: 5 })).toHaveProperty('reward_card_id');
    expect(await errorsOf({ type: 'free_shipping', ...card })).toHaveProperty('reward_card_id');
    const at = '2026-01-01T00:00:00Z';
    expect(await errorsOf({ type: 'free_shipping', valid_from: at, valid_until: at })).toHaveProperty('valid_until');
    expect(await errorsOf({ type: 'free_shipping', code: 'ab' })).toHaveProperty('code');
    expect(await errorsOf({ type: 'free_shipping', code: 'STRAßE' })).toHaveProperty('code');
  });

  it("takes only the partner's own club, card and tiers", async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const refused = async (body: object) =>
      (await given.send(createVoucher, { body: { club_id: given.clubId, name: 'x', type: 'free_shipping', ...body } }))
        .body;

    expect(await refused({ club_id: other.clubId })).toMatchObject({
      code: 'CLUB_NOT_FOUND',
      details: { club_id: other.clubId },
    });
    expect(await refused({ type: 'bonus_points', value: 1, reward_card_id: other.cardId })).toMatchObject({
      code: 'NOT_FOUND',
      details: { resource: 'card', field: 'reward_card_id' },
    });
    expect(await refused({ target_tiers: [given.tierId, other.tierId] })).toMatchObject({
      code: 'NOT_FOUND',
      details: { resource: 'tier', field: 'target_tiers[1]', id: other.tierId },
    });
  });

  it('keeps a code to one voucher of a partner, ignoring case, until it is deleted', async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const first = await given.voucher({ code: 'HELLO' });
    const again = () =>
      given.send(createVoucher, { body: { club_id: given.clubId, name: 'x', type: 'free_shipping', code: 'hello' } });

    expect(await again()).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS', details: { field: 'code', existing_id: first.id } },
    });
    expect((await other.voucher({ code: 'HELLO' })).code).toBe('HELLO');
    await given.send(deleteVoucher, { params: { id: first.id } });
    expect((await again()).status).toBe(201);
  });

  it('gives a code to one of twenty that ask for it at once', async () => {
    const given = await givenProgramme(vouchers);
    const body = { club_id: given.clubId, name: 'x', type: 'free_shipping', code: 'RACE' };

    const answers = await times(20, () => given.send(createVoucher, { body }));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('stops at the limit, also when many come at once, and has room again after a deletion', async () => {
    const given = await givenProgramme(vouchers, { vouchers_limit: 3 });
    const body = { club_id: given.clubId, name: 'x', type: 'free_shipping' };

    const answers = await times(10, () => given.send(createVoucher, { body }));

    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(3);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'LIMIT_REACHED',
      details: { limit_name: 'vouchers_limit', limit: 3, current: 3 },
    });
    await given.send(deleteVoucher, { params: { id: made[0]!.body.data.id } });
    expect((await given.send(createVoucher, { body })).status).toBe(201);
  });

  it('makes one voucher of a request that is repeated with its Idempotency-Key', async () => {
    const given = await givenProgramme(vouchers);
    const sending = { body: { club_id: given.clubId, name: 'x', type: 'free_shipping' }, key: newId() };

    const answers = await times(5, () => given.send(createVoucher, sending));

    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => isReplayed)).toHaveLength(4);
  });
});

describe('PUT /partner/vouchers/{id}', () => {
  it('keeps what is absent, and changes and announces nothing for an empty body', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_total: 10, description: { en_US: 'Off', lt_LT: 'Nuolaida' } });
    const put = (body: object) => given.send(updateVoucher, { params: { id: made.id }, body });

    const nothing = await put({});
    const changed = await put({ max_uses_total: null, code: 'other-1', title: 'Off!' });

    expect(nothing.body.data).toEqual(made);
    const { body } = changed;
    const fields = { code: 'OTHER-1', title: 'Off!', max_uses_total: null, remaining_uses: null };
    expect(body.data).toEqual({ ...made, ...fields, updated_at: expect.any(String) });
    expect((await eventsOf(given)).map(({ change, sequence }) => [change, sequence])).toEqual([
      ['created', 1],
      ['changed', 2],
    ]);
  });

  it('changes the type before the first use, with what belongs to it, and never after', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ type: 'percentage', value: 10, max_discount_amount: 100 });
    const put = (body: object) => given.send(updateVoucher, { params: { id: made.id }, body });

    expect((await put({ type: 'fixed_amount' })).body).toMatchObject({
      details: { errors: { value: expect.anything() } },
    });
    expect((await put({ type: 'fixed_amount', value: 250 })).body.data).toMatchObject({
      ...{ type: 'fixed_amount', value: 250, max_discount_amount: null },
    });
    expect((await given.redeem(made.id)).status).toBe(200);

    expect(await put({ type: 'free_shipping', value: null })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', details: { reason: 'type_fixed' } },
    });
    expect((await put({ type: 'fixed_amount', value: 300 })).body.data).toMatchObject({ value: 300, times_used: 1 });
  });

  it('may lower the maximum below what was used, which means exhausted', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_per_member: null });
    await given.redeem(made.id);
    await given.redeem(made.id);

    const { body } = await given.send(updateVoucher, { params: { id: made.id }, body: { max_uses_total: 1 } });

    expect(body.data).toMatchObject({ max_uses_total: 1, times_used: 2, remaining_uses: 0 });
    expect((await given.redeem(made.id)).body).toMatchObject({
      code: 'VOUCHER_EXHAUSTED',
      details: { max_uses_total: 1 },
    });
  });
});

describe('DELETE /partner/vouchers/{id}', () => {
  it('ends a voucher that was used, keeps its redemptions, and is 404 the second time', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    await given.redeem(made.id, { order_reference: 'a' });
    const remove = () => given.send(deleteVoucher, { params: { id: made.id } });

    expect(await remove()).toMatchObject({ status: 200, body: { data: { id: made.id, deleted: true } } });

    expect((await remove()).status).toBe(404);
    expect((await given.redeem(made.id)).body).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'voucher' } });
    expect(await vouchers.sql`select 1 from redemptions where voucher_id = ${made.id}`).toHaveLength(1);
    expect((await eventsOf(given)).at(-1)).toMatchObject({ change: 'deleted', sequence: 2 });
  });
});

describe('GET /partner/vouchers', () => {
  it('filters, newest first, and leaves the codes of batches out unless they are asked for', async () => {
    const given = await givenProgramme(vouchers);
    const first = await given.voucher({ code: 'FIRST', name: '100% off', type: 'percentage', value: 100 });
    const second = await given.voucher({ code: 'SECOND', is_active: false });
    const batch = await given.batch({ count: 3, prefix: 'B-' });
    const list = async (query: Record<string, string> = {}) => {
      const { body } = await given.send(listVouchers, { query });
      return body.data.map(({ code }: { code: string }) => code);
    };

    expect(await list()).toEqual(['SECOND', 'FIRST']);
    expect(await list({ type: 'percentage' })).toEqual(['FIRST']);
    expect(await list({ is_active: 'false' })).toEqual(['SECOND']);
    expect(await list({ search: '100%' })).toEqual(['FIRST']);
    expect(await list({ search: '%' })).toEqual(['FIRST']);
    expect(await list({ search: 'seco' })).toEqual(['SECOND']);
    expect(await list({ code: 'first' })).toEqual(['FIRST']);
    expect(await list({ code: 'no such code!' })).toEqual([]);
    expect(await list({ club_id: newId() })).toEqual([]);
    const codes = await list({ batch_id: batch.id });
    expect(codes).toHaveLength(3);
    expect(await list({ code: codes[0] })).toEqual([codes[0]]);
    const page = await given.send(listVouchers, { query: { per_page: 1, page: 2 } });
    expect(page.body).toMatchObject({ pagination: { current_page: 2, per_page: 1, total: 2, last_page: 2 } });
    expect(page.body.data[0].id).toBe(first.id);
    expect(second.id).not.toBe(first.id);
  });

  it("shows nothing of another partner's", async () => {
    const given = await givenProgramme(vouchers);
    const other = await givenProgramme(vouchers);
    const { id } = await other.voucher();

    for (const [endpoint, body] of [
      [getVoucher, undefined],
      [updateVoucher, { name: 'x' }],
      [deleteVoucher, undefined],
    ] as const) {
      expect((await given.send(endpoint, { params: { id }, body })).status).toBe(404);
    }
    expect((await given.redeem(id)).status).toBe(404);
    expect((await given.send(listVouchers)).body.data).toEqual([]);
  });
});

describe('a tier that goes', () => {
  it('is kept while a voucher or a batch targets it, and is targeted by none while the catalog decides', async () => {
    const given = await givenProgramme(vouchers);
    const params = { id: given.tierId };
    const hold = async () => (await given.send(holdTierForVouchers, { params, body: {} })).body.data;
    const made = await given.voucher({ target_tiers: [given.tierId] });
    await given.voucher();

    expect(await hold()).toEqual({ in_use: 1, hold_id: null });
    await given.send(deleteVoucher, { params: { id: made.id } });
    await given.send(createVoucherBatch, {
      body: {
        ...{ name: 'Many', count: 1_001 },
        template: { club_id: given.clubId, type: 'free_shipping', target_tiers: [given.tierId] },
      },
    });
    expect((await hold()).in_use).toBe(1_001);
    const inUpperCase = { params: { id: given.tierId.toUpperCase() }, body: {} };
    expect((await given.send(holdTierForVouchers, inUpperCase)).body.data.in_use).toBe(1_001);
    const other = await givenProgramme(vouchers);
    const held = (await other.send(holdTierForVouchers, { params: { id: other.tierId }, body: {} })).body.data;
    expect(held).toEqual({ in_use: 0, hold_id: expect.any(String) });
    const body = { club_id: other.clubId, name: 'x', type: 'free_shipping', target_tiers: [other.tierId] };
    expect((await other.send(createVoucher, { body })).status).toBe(503);
    expect((await other.send(createVoucher, { body: { ...body, target_tiers: [] } })).status).toBe(201);

    const release = { params: { id: other.tierId }, body: { hold_id: held.hold_id } };
    await other.send(releaseTierForVouchers, release);
    expect((await other.send(createVoucher, { body })).status).toBe(201);
  });
});

describe('a club that goes', () => {
  it('is kept while it has vouchers, and takes none while the catalog decides', async () => {
    const given = await givenProgramme(vouchers);
    const hold = async () =>
      (await given.send(holdClubForVouchers, { params: { id: given.clubId }, body: {} })).body.data;
    const made = await given.voucher();

    expect(await hold()).toEqual({ in_use: 1, hold_id: null });
    await given.send(deleteVoucher, { params: { id: made.id } });
    const held = await hold();
    expect(held).toEqual({ in_use: 0, hold_id: expect.any(String) });
    const body = { club_id: given.clubId, name: 'x', type: 'free_shipping' };
    expect((await given.send(createVoucher, { body })).status).toBe(503);

    await given.send(releaseClubForVouchers, { params: { id: given.clubId }, body: { hold_id: held.hold_id } });
    expect((await given.send(createVoucher, { body })).status).toBe(201);
  });

  it('is gone, and a tier, as soon as the catalog says so, however long Kafka is away', async () => {
    const given = await givenProgramme(vouchers);
    const body = { club_id: given.clubId, name: 'x', type: 'free_shipping' };
    const gone = { hold_id: newId(), is_deleted: true };

    await given.send(releaseTierForVouchers, { params: { id: given.tierId }, body: gone });
    const targeted = await given.send(createVoucher, { body: { ...body, target_tiers: [given.tierId] } });
    await given.send(releaseClubForVouchers, { params: { id: given.clubId }, body: gone });
    const placed = await given.send(createVoucher, { body });

    expect([targeted.body.code, targeted.body.details.field]).toEqual(['NOT_FOUND', 'target_tiers[0]']);
    expect(placed.body.code).toBe('CLUB_NOT_FOUND');
  });

  it('is gone for good, and a tier and a card, although it was new and the news of it comes only now', async () => {
    const given = await givenProgramme(vouchers);
    const { partnerId } = given;
    const [clubId, tierId, cardId] = [newId(), newId(), newId()];
    const gone = { hold_id: newId(), is_deleted: true };
    await given.send(releaseClubForVouchers, { params: { id: clubId }, body: gone });
    await given.send(releaseTierForVouchers, { params: { id: tierId }, body: gone });
    await vouchers.send(systemCaller({ partnerId }), releaseCardForVouchers, { params: { id: cardId }, body: gone });

    await vouchers.sql.begin(async (tx) => {
      const first = { partnerId, isDeleted: false, sequence: 1 };
      await saveClub(tx, { ...first, clubId });
      await saveTier(tx, { ...first, tierId });
      await saveCard(tx, { ...first, cardId });
    });

    const made = (fields: object) =>
      given.send(createVoucher, { body: { club_id: given.clubId, name: 'x', type: 'free_shipping', ...fields } });
    const bonus = { type: 'bonus_points', value: 10, reward_card_id: cardId };
    const answers = [await made({ club_id: clubId }), await made({ target_tiers: [tierId] }), await made(bonus)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cardChanged,
  clubChanged,
  createVoucher,
  listMyVouchers,
  newId,
  staffChanged,
  tierChanged,
} from '@punchcard/contracts';
import { givenProgramme, startVouchers, type Programme, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers();
});
afterAll(() => vouchers?.stop());

const DAY_MS = 86_400_000;
const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const mine = async (given: Programme, query: Record<string, number> = {}) =>
  (await given.sendAsMember(listMyVouchers, { query })).body;
const codesOf = async (given: Programme) => (await mine(given)).data.map(({ code }: { code: string }) => code);

describe('GET /member/vouchers', () => {
  it('shows what the member can redeem now, without club, staff or internal name', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ code: 'ONE', title: { en_US: 'Five off', lt_LT: 'Penki' }, max_uses_total: 9 });

    const { data, pagination } = await mine(given);

    expect(pagination).toEqual({ current_page: 1, per_page: 25, total: 1, last_page: 1 });
    expect(data).toEqual([
      {
        ...{ id: made.id, code: 'ONE', title: 'Five off', description: null, type: 'fixed_amount', value: 500 },
        ...{ currency: 'EUR', min_purchase_amount: null, max_discount_amount: null, free_product: null },
        ...{ valid_until: null, uses_left: 1 },
      },
    ]);
  });

  it('agrees with redeeming: what is listed can be redeemed, what is not cannot', async () => {
    const given = await givenProgramme(vouchers);
    vouchers.ledger.standings.set(given.memberId, { tier_ids: [given.tierId], has_purchased: true });
    const other = newId();
    await vouchers.sql`
      insert into tiers (partner_id, tier_id, is_deleted, sequence) values (${given.partnerId}, ${other}, false, 1)
    `;
    const kinds: Record<string, object> = {
      PLAIN: {},
      OFF: { is_active: false },
      LATER: { valid_from: at(1) },
      OVER: { valid_from: at(-2), valid_until: at(-1) },
      NOW: { valid_from: at(-1), valid_until: at(1) },
      TIER: { target_tiers: [given.tierId] },
      OTHER: { target_tiers: [other] },
      FIRST: { first_order_only: true },
      NEW: { new_members_days: 1 },
      USED: { max_uses_total: 1 },
      MINE: { max_uses_per_member: 2 },
    };
    for (const [code, body] of Object.entries(kinds)) await given.voucher({ code, ...body });
    const listed = await codesOf(given);

    for (const code of Object.keys(kinds)) {
      const { valid } = (await given.validate(code)).body.data;
      expect([code, listed.includes(code)]).toEqual([code, valid]);
    }
    expect(listed.toSorted()).toEqual(['MINE', 'NEW', 'NOW', 'PLAIN', 'TIER', 'USED']);
    const used = (await mine(given)).data.find(({ code }: { code: string }) => code === 'MINE');
    await given.redeem(used.id);
    expect((await mine(given)).data.find(({ id }: { id: string }) => id === used.id)).toMatchObject({ uses_left: 1 });
    await given.redeem(used.id);
    expect(await codesOf(given)).not.toContain('MINE');
  });

  it('shows no hidden voucher and no code of a batch, in pages', async () => {
    const given = await givenProgramme(vouchers);
    await given.voucher({ is_visible_by_default: false });
    await given.batch({ count: 5 });
    const codes = [];
    for (const code of ['AAA', 'BBB', 'CCC']) codes.unshift((await given.voucher({ code })).code);

    expect(await codesOf(given)).toEqual(codes);
    const { data, pagination } = await mine(given, { page: 2, per_page: 2 });
    expect([data[0].code, pagination]).toEqual([codes[2], { current_page: 2, per_page: 2, total: 3, last_page: 2 }]);
  });

  it('asks the ledger only if it matters, and is 503 then while it is away', async () => {
    const given = await givenProgramme(vouchers);
    await given.voucher({ code: 'PLAIN' });

    vouchers.ledger.away(true);
    const plain = await given.sendAsMember(listMyVouchers);
    await given.voucher({ first_order_only: true });
    const first = await given.sendAsMember(listMyVouchers);
    vouchers.ledger.away(false);

    expect([plain.status, first.status]).toEqual([200, 503]);
  });
});

describe('copies', () => {
  it('let a voucher name what was made a moment ago, and nothing that is gone', async () => {
    const given = await givenProgramme(vouchers);
    const [clubId, cardId, tierId, staffId] = [newId(), newId(), newId(), newId()];
    const key = given.partnerId;
    const club = { ...clubChanged.example, club_id: clubId };
    const card = { ...cardChanged.example, card_id: cardId, club_id: clubId };
    await vouchers.publish(given.partnerId, [
      { event: clubChanged, key, data: club },
      { event: cardChanged, key, data: card },
      { event: tierChanged, key, data: { ...tierChanged.example, tier_id: tierId } },
      { event: staffChanged, key, data: { ...staffChanged.example, staff_id: staffId, club_id: clubId } },
    ]);
    const body = {
      ...{ club_id: clubId, name: 'x', type: 'bonus_points', value: 10, reward_card_id: cardId },
      ...{ target_tiers: [tierId], first_order_only: false },
    };

    const { status, body: made } = await given.send(createVoucher, { body });
    expect(status).toBe(201);
    vouchers.ledger.standings.set(given.memberId, { tier_ids: [tierId], has_purchased: false });
    expect((await given.redeem(made.data.id, { staff_id: staffId })).status).toBe(200);

    await vouchers.publish(given.partnerId, [
      { event: clubChanged, key, sequence: 10, data: { ...club, is_deleted: true } },
      { event: clubChanged, key, sequence: 5, data: club },
    ]);
    expect((await given.send(createVoucher, { body: { ...body, club_id: newId() } })).status).toBe(404);
    expect((await given.send(createVoucher, { body })).body).toMatchObject({ code: 'CLUB_NOT_FOUND' });
  });
});

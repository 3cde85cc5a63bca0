import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  createVoucher,
  createVoucherBatch,
  deleteCard,
  getPartner,
  getVoucherBatch,
  listMyVouchers,
  listTransactions,
  listVoucherBatchCodes,
  memberBalance,
  purchase,
  redeemVoucher,
  updatePermissions,
  updateVoucher,
  validateVoucher,
} from '@punchcard/contracts';
import {
  adminApi,
  anyAddress,
  apiOf,
  dataOf,
  eventually,
  givenMember,
  givenPartner,
  givenProgramme,
  running,
  times,
} from './given.ts';

/** A partner with a programme and a member, a till of it, and the member's phone. */
async function givenShop() {
  const partner = await givenPartner();
  const programme = await givenProgramme(partner.agent);
  const member = await givenMember(partner.slug);
  return { ...partner, ...programme, member, phone: apiOf({ 'x-agent-key': member.key }) };
}

describe('a voucher, from the office to the till', () => {
  it('is seen by the member it is for, taken off an order once, and gone from the list', async () => {
    const { agent, phone, club, gold, card, member } = await givenShop();
    const body = {
      club_id: club.id,
      name: 'Gold only',
      type: 'percentage',
      value: 12.5,
      max_discount_amount: 400,
    } as const;
    const voucher = await dataOf(agent(createVoucher, { body: { ...body, code: 'gold', target_tiers: [gold.id] } }));
    const ask = { code: 'Gold', club_id: club.id, member_identifier: member.email, order_amount: 2_499 };

    expect(await dataOf(phone(listMyVouchers))).toEqual([]);
    expect(await dataOf(agent(validateVoucher, { body: ask }))).toMatchObject({
      valid: false,
      reason: 'VOUCHER_INVALID',
    });
    await dataOf(
      agent(purchase, { body: { card_id: card.id, member_identifier: member.email, purchase_amount: 100 } }),
    );

    expect(await dataOf(phone(listMyVouchers))).toMatchObject([{ id: voucher.id, code: 'GOLD', uses_left: 1 }]);
    expect(await dataOf(agent(validateVoucher, { body: ask }))).toMatchObject({
      ...{ valid: true, discount_amount: 312, final_amount: 2_187, matched_by: 'email' },
    });
    const order = { member_identifier: member.unique_identifier, order_amount: 2_499, order_reference: 'order-1' };
    const answers = await times(5, () => agent(redeemVoucher, { params: { id: voucher.id }, body: order }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.filter(({ body: { data } }) => !data.duplicate)).toHaveLength(1);
    expect(await dataOf(phone(listMyVouchers))).toEqual([]);
  });

  it('gives its points on the card, once, under whatever repeats', async () => {
    const { agent, club, card, member } = await givenShop();
    const body = {
      club_id: club.id,
      name: 'Points',
      type: 'bonus_points',
      value: 150,
      reward_card_id: card.id,
    } as const;
    const voucher = await dataOf(agent(createVoucher, { body }));
    const headers = { 'idempotency-key': randomUUID() };

    const answers = await times(5, () =>
      dataOf(agent(redeemVoucher, { params: { id: voucher.id }, body: { member_identifier: member.id }, headers })),
    );

    expect(new Set(answers.map(({ redemption_id: id }) => id)).size).toBe(1);
    expect(answers[0]).toMatchObject({ points_awarded: 150, points_status: 'booked' });
    const { balance } = await dataOf(agent(memberBalance, { params: { id: member.id, cardId: card.id } }));
    expect(balance).toBe(150);
    const { body: listed } = await agent(listTransactions, { query: { event: 'voucher_bonus_points' } });
    expect(listed.data.map(({ points, reference }) => [points, reference])).toEqual([[150, answers[0]!.redemption_id]]);
  });

  it('keeps the card of its points while it can be redeemed, and cannot be switched on again without it', async () => {
    const { agent, club, card, member } = await givenShop();
    const terms = { name: 'Points', type: 'bonus_points', value: 150, reward_card_id: card.id } as const;
    const { id } = await dataOf(agent(createVoucher, { body: { club_id: club.id, ...terms } }));
    const remove = () => agent(deleteCard, { params: { id: card.id } });
    const turn = (isOn: boolean) => agent(updateVoucher, { params: { id }, body: { is_active: isOn } });

    expect(await remove()).toMatchObject({
      ...{ status: 409, body: { details: { reason: 'in_use', blocking: { stamp_cards: 0, vouchers: 1 } } } },
    });
    expect((await turn(false)).status).toBe(200);
    expect((await remove()).status).toBe(200);

    expect(await turn(true)).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND', details: { resource: 'card', field: 'reward_card_id' } } },
    });
    const redeemed = await agent(redeemVoucher, { params: { id }, body: { member_identifier: member.id } });
    expect(redeemed).toMatchObject({ status: 422, body: { details: { reason: 'inactive' } } });
  });
});

describe('a batch of codes', () => {
  it('is made in the background, downloaded as CSV through the gateway, and each code works once', async () => {
    const { agent, agentKey, club, member, partnerId } = await givenShop();
    const made = await agent(createVoucherBatch, {
      body: {
        ...{ name: 'Mailing', count: 1_500, prefix: 'MAIL-', pattern: '****-####' },
        template: { club_id: club.id, type: 'fixed_amount', value: 500 },
      },
    });
    const { id } = made.body.data;
    const path = `/api/agent/v1/partner/vouchers/batches/${id}`;
    expect(made).toMatchObject({ status: 202, headers: { location: path, 'retry-after': '1' } });

    await eventually('all codes', async () => {
      const { body } = await agent(getVoucherBatch, { params: { id } });
      return body.data.status === 'completed';
    });
    const response = await fetch(`${running().baseUrl}${path}/codes`, {
      headers: { 'x-agent-key': agentKey, 'x-forwarded-for': anyAddress(), accept: 'text/csv' },
    });
    const lines = (await response.text()).trimEnd().split('\r\n');

    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect(response.headers.get('x-ratelimit-limit')).toBe('10000');
    expect(lines).toHaveLength(1_501);
    const [voucherId, code] = lines[1]!.split(',');
    expect(code).toMatch(/^MAIL-[A-HJ-NP-Z2-9]{4}-[2-9]{4}$/);
    const body = { member_identifier: member.email };
    expect((await agent(redeemVoucher, { params: { id: voucherId! }, body })).status).toBe(200);
    expect((await agent(redeemVoucher, { params: { id: voucherId! }, body })).body['code']).toBe(
      'VOUCHER_MEMBER_LIMIT',
    );
    const { data } = (await agent(listVoucherBatchCodes, { params: { id }, query: { used: 'true' } })).body;
    expect(data).toMatchObject([{ voucher_id: voucherId, times_used: 1, remaining_uses: 0 }]);
    await eventually('the usage', async () => {
      const { usage } = await dataOf(adminApi()(getPartner, { params: { id: partnerId } }));
      return usage.vouchers === 1_500;
    });
  });

  it('has a gate of its own, and is closed with that of vouchers, too', async () => {
    const { agent, club, partnerId } = await givenShop();
    const template = { club_id: club.id, type: 'free_shipping' } as const;
    const ask = () => agent(createVoucherBatch, { body: { name: 'x', count: 1, template } });
    const set = (body: Record<string, boolean>) =>
      dataOf(adminApi()(updatePermissions, { params: { id: partnerId }, body }));
    const refused = async () => {
      const { status, body } = await ask();
      return [status, (body as unknown as { details?: { feature: string } }).details?.feature];
    };

    await set({ voucher_batches_permission: false });
    await eventually('the gate', async () => (await ask()).status === 403);
    expect(await refused()).toEqual([403, 'voucher_batches']);
    expect((await agent(createVoucher, { body: { ...template, name: 'x' } })).status).toBe(201);
    await set({ voucher_batches_permission: true, vouchers_permission: false });
    await eventually('the other gate', async () => (await refused())[1] === 'vouchers');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteVoucher, newId, updateVoucher } from '@punchcard/contracts';
import { metrics } from '@punchcard/service-kit';
import { replaceIdentifiers } from '../src/replicas/store.ts';
import { givenMember, givenProgramme, hashOf, startVouchers, times, type Vouchers } from './given.ts';

let vouchers: Vouchers;
beforeAll(async () => {
  vouchers = await startVouchers({ processes: 2 });
});
afterAll(() => vouchers?.stop());

describe('one order_reference with a new Idempotency-Key for each try', () => {
  it('is one redemption of a voucher for one use: all tries of the winner win, and other orders lose', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_total: 1, max_uses_per_member: 1 });
    const { email } = await givenMember(vouchers.sql, given.partnerId);
    const mine = { order_amount: 900, order_reference: 'mine' };
    const theirs = { order_amount: 900, order_reference: 'theirs', member_identifier: email };
    const key = newId();
    const redeem = (n: number) => given.redeem(made.id, n % 2 ? mine : theirs, { key: `${key} ${n}` });

    const answers = await times(40, redeem);
    const again = await times(40, redeem);

    const ids = answers.flatMap(({ body }) => body.data?.redemption_id ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([20, 1]);
    expect(answers.filter(({ body }) => body.data?.duplicate === false)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['VOUCHER_EXHAUSTED']));
    expect(again.map(({ status, body }) => [status, body.data])).toEqual(
      answers.map(({ status, body }) => [status, body.data]),
    );
  });
});

describe('a till that repeats what it got no answer to', () => {
  it('learns of its redemption whatever became of the voucher since', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ code: 'SPRING', max_uses_per_member: null });
    const order = { order_amount: 900, order_reference: 'order' };
    const first = await given.redeem(made.id, order, { key: 'order' });
    const repeated = { ...first.body.data, duplicate: true };

    const past = new Date(Date.now() - 1_000).toISOString();
    await given.send(updateVoucher, {
      params: { id: made.id },
      body: { value: 1, is_active: false, valid_until: past, max_uses_total: 1, min_purchase_amount: 5_000 },
    });
    expect((await given.redeem(made.id, order)).body.data).toEqual(repeated);
    await given.send(deleteVoucher, { params: { id: made.id } });

    expect((await given.redeem(made.id, order)).body.data).toEqual(repeated);
    expect(await given.redeem(made.id, order, { key: 'order' })).toMatchObject({ isReplayed: true, body: first.body });
    expect((await given.redeem(made.id, { ...order, order_amount: 901 })).body.code).toBe('REFERENCE_CONFLICT');
    expect(await given.redeem(made.id, { order_reference: 'another' })).toMatchObject({ status: 404 });
    const reborn = await given.voucher({ code: 'SPRING' });
    expect((await given.redeem(reborn.id, order)).body.data.duplicate).toBe(false);
  });

  it('learns of its points after the voucher is gone', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ type: 'bonus_points', value: 50, reward_card_id: given.cardId });
    const first = await given.redeem(made.id, { order_reference: 'order' });

    await given.send(deleteVoucher, { params: { id: made.id } });

    expect((await given.redeem(made.id, { order_reference: 'order' })).body.data).toEqual({
      ...{ ...first.body.data, duplicate: true },
    });
  });
});

describe('a voucher that the office changes while tills redeem it', () => {
  it('is never used more often than it then says', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher({ max_uses_total: 5, max_uses_per_member: null });
    const change = (maximum: number) =>
      given.send(updateVoucher, { params: { id: made.id }, body: { max_uses_total: maximum } });

    const [answers] = await Promise.all([
      times(60, () => given.redeem(made.id)),
      (async () => {
        for (const maximum of [6, 7, 8]) await change(maximum);
      })(),
    ]);
    const redeemed = answers.filter(({ status }) => status === 200).length;
    const more = (await times(10, () => given.redeem(made.id))).filter(({ status }) => status === 200).length;

    expect(redeemed + more).toBe(8);
    const [row] = await vouchers.sql`
      select times_used, (select count(*) from redemptions r where r.voucher_id = v.voucher_id) as redemptions
      from vouchers v where voucher_id = ${made.id}
    `;
    expect(row).toEqual({ timesUsed: 8, redemptions: 8 });
  });
});

describe('a member number that two have', () => {
  it('is refused with how many it fits, by redeeming and by validating, and uses nothing', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    const { partnerId } = given;
    const identifier = hashOf(partnerId, 'member_number', '7');
    const copy = { partnerId, registeredAt: new Date().toISOString(), isAnonymised: false, sequence: 1 };
    for (const { memberId } of await times(2, () => givenMember(vouchers.sql, partnerId))) {
      await vouchers.sql.begin((tx) =>
        replaceIdentifiers(tx, { ...copy, memberId }, [
          { identifier: memberId, kind: 'id' },
          { identifier, kind: 'member_number' },
        ]),
      );
    }
    const ambiguous = { status: 409, body: { code: 'MEMBER_AMBIGUOUS', details: { matches: 2 } } };

    expect(await given.redeem(made.id, { member_identifier: '7' })).toMatchObject(ambiguous);
    expect(await given.validate(made.code, { member_identifier: '7' })).toMatchObject(ambiguous);
    const [row] = await vouchers.sql`select times_used from vouchers where voucher_id = ${made.id}`;
    expect(row).toEqual({ timesUsed: 0 });
  });
});

describe('what is counted of redemptions', () => {
  it('tells what was redeemed from what came again, and refusals by their codes', async () => {
    const given = await givenProgramme(vouchers);
    const made = await given.voucher();
    metrics.resetMetrics();

    await given.redeem(made.id, { order_reference: 'order' }, { key: 'order' });
    await given.redeem(made.id, { order_reference: 'order' }, { key: 'order' });
    await given.redeem(made.id, { order_reference: 'order' });
    await given.redeem(made.id);

    const text = await metrics.getSingleMetricAsString('punchcard_vouchers_redemptions_total');
    const counted = [...text.matchAll(/outcome="(\w+)".*\} (\d+)/g)].map(([, outcome, count]) => [outcome, count]);
    expect(Object.fromEntries(counted)).toEqual({
      ...{ redeemed: '1', replayed: '1', duplicate: '1', VOUCHER_MEMBER_LIMIT: '1' },
    });
  });
});

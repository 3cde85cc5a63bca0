import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  awardPoints,
  closeCard,
  listRefusedAwards,
  listTransactions,
  newId,
  retryRefusedAward,
  type Answer,
} from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import { waitFor } from '@punchcard/testing';
import { register } from 'prom-client';
import { oweAward } from '../src/awards/owe-award.ts';
import { countOwed } from '../src/awards/platform-owed.ts';
import { replaceIdentifiers, saveCard, saveMember } from '../src/replicas/store.ts';
import { givenMember, givenProgramme, givenTill, plainCard, startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger(2);
});
afterAll(() => stopAndVerify(ledger));

async function givenOwed(terms: Parameters<typeof givenProgramme>[1] = {}) {
  const given = await givenProgramme(ledger.sql, terms);
  const body = {
    ...{ card_id: given.cardId, member_id: given.memberId, event: 'voucher_bonus_points' },
    ...{ points: 100, reference: newId() },
  };
  const caller = systemCaller({ partner: given.partner });
  const award = (fields: object = {}) => ledger.send(caller, awardPoints, { body: { ...body, ...fields } });
  const entries = () => ledger.sql`
    select kind, event, points, balance_after, reference, staff_id, expires_at, occurred_at
    from entries where partner_id = ${given.partnerId} order by member_id, seq
  `;
  return { given, body, award, entries, till: givenTill(ledger, given) };
}

describe('internal.points.award', () => {
  it('credits a member who has no account yet, leaves the welcome bonus for the first purchase, and shows in the list', async () => {
    const { given, body, award, till } = await givenOwed({ card: { initialBonusPoints: 7 } });
    const staffId = newId();

    const { status, body: answer } = await award({ staff_id: staffId, note: 'ten off' });

    expect(status).toBe(200);
    expect(answer.data).toEqual({
      ...{ transaction_id: expect.any(String), card_id: given.cardId, member_id: given.memberId },
      ...{ points: 100, new_balance: 100, expires_at: null, duplicate: false },
    });
    expect((await till.buy(1)).body.data).toMatchObject({ member_balance: 100, bonus_points: 7, new_balance: 117 });
    const listed = await till.send(listTransactions, { query: { event: 'voucher_bonus_points' } });
    expect(listed.body.data).toMatchObject([
      { id: answer.data.transaction_id, points: 100, reference: body.reference, note: 'ten off', staff_id: staffId },
    ]);
  });

  it('books one of fifty at once with the same reference, through two processes, and answers the same to all', async () => {
    const { award, entries } = await givenOwed();

    const answers = await times(50, () => award());

    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const data = answers.map(({ body }) => body.data);
    expect(data.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(data.map(({ transaction_id: id, new_balance: balance }) => `${id} ${balance}`)).size).toBe(1);
    expect(await entries()).toMatchObject([{ kind: 'award', points: 100, balanceAfter: 100 }]);
  });

  it('refuses a reference that was used with other content', async () => {
    const { given, body, award } = await givenOwed();
    const first = await award();
    const another = await givenMember(ledger.sql, given.partnerId);

    for (const fields of [{ points: 101 }, { event: 'stamp_card_reward_points' }, { member_id: another.memberId }]) {
      expect(await award(fields)).toMatchObject({
        status: 409,
        body: {
          code: 'REFERENCE_CONFLICT',
          details: { reference: body.reference, existing_id: first.body.data.transaction_id },
        },
      });
    }
  });

  it.each([
    ['switched off', { isActive: false }],
    ['past its end', { expirationDate: '2021-01-01T00:00:00.000Z' }],
    ['not issued yet', { issueDate: '2100-01-01T00:00:00.000Z' }],
  ])('books what is owed on a card that is %s', async (_name, card) => {
    const { award } = await givenOwed({ card });

    expect((await award()).body.data).toMatchObject({ points: 100, new_balance: 100 });
  });

  it('never books on a deleted card, and still answers a repeat of what was booked before', async () => {
    const { given, award } = await givenOwed();
    const first = await award();
    await ledger.sql.begin((tx) =>
      saveCard(tx, {
        ...{ ...plainCard, partnerId: given.partnerId, cardId: given.cardId, clubId: given.clubId },
        ...{ isDeleted: true, sequence: 9 },
      }),
    );

    expect((await award()).body.data).toEqual({ ...first.body.data, duplicate: true });
    expect(await award({ reference: newId() })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', details: { resource: 'card', id: given.cardId, field: 'card_id' } },
    });
  });

  it('knows neither cards nor members of other partners', async () => {
    const { award } = await givenOwed();
    const other = await givenProgramme(ledger.sql);

    expect(await award({ card_id: other.cardId })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await award({ member_id: other.memberId })).toMatchObject({
      status: 404,
      body: { code: 'MEMBER_NOT_FOUND' },
    });
  });

  it('expires from when it was earned, is active at once, and lifts the member on the ladder', async () => {
    const { award, till } = await givenOwed({
      card: { pointsExpirationMonths: 1, pendingDays: 30 },
      tiers: [{ name: 'bronze' }, { name: 'gold', pointsThreshold: 100 }],
    });
    const earned = new Date(Date.now() - 3_600_000);

    const { body } = await award({ occurred_at: earned.toISOString() });

    const expires = new Date(body.data.expires_at);
    expect(expires.getTime() - earned.getTime()).toBeLessThanOrEqual(31.1 * 86_400_000);
    expect(expires.getUTCSeconds()).toBe(earned.getUTCSeconds());
    expect((await till.redeem()).body.data).toMatchObject({ member_balance: 100, new_balance: 90 });
    expect((await till.buy(1)).body.data).toMatchObject({ tier: 'gold', tier_changed: false });
  });

  it('stands beside purchases and redemptions of the same account in any order, and the books stay sound', async () => {
    const { given, award, till } = await givenOwed();

    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => award({ reference: newId() })),
      ...Array.from({ length: 20 }, () => till.buy(1)),
      ...Array.from({ length: 20 }, () => till.redeem()),
    ]);

    const redeemed = answers.slice(40).filter(({ status }) => status === 200).length;
    expect(answers.slice(0, 40).every(({ status }) => status === 200)).toBe(true);
    const [account] = await ledger.sql`select balance from accounts where partner_id = ${given.partnerId}`;
    expect(account!['balance']).toBe(20 * 100 + 20 * 10 - redeemed * 10);
  });
});

describe('an award that an event makes owed', () => {
  const owe = (given: Awaited<ReturnType<typeof givenOwed>>['given'], fields: { reference: string; cardId?: string }) =>
    ledger.sql.begin((tx) =>
      oweAward(tx, {
        ...{ partnerId: given.partnerId, cardId: given.cardId, memberId: given.memberId, points: 100, ...fields },
        ...{ event: 'voucher_bonus_points', note: null, staffId: null, occurredAt: new Date() },
      }),
    );
  const left = (partnerId: string) => ledger.sql`
    select reference, refused_as from owed_awards where partner_id = ${partnerId} order by reference
  `;

  it('is booked by itself, once, whether or not a call booked it before or at the same time', async () => {
    const { given, body, award, entries } = await givenOwed();
    const others = Array.from({ length: 20 }, () => newId());

    await Promise.all([
      ...[body.reference, ...others].map((reference) => owe(given, { reference })),
      ...[body.reference, ...others.slice(0, 10)].map((reference) => award({ reference })),
    ]);
    await owe(given, { reference: body.reference });
    await waitFor('owed awards', async () => (await left(given.partnerId)).length === 0);

    const booked = (await entries()).map(({ reference }) => reference);
    expect(booked.toSorted()).toEqual([body.reference, ...others].toSorted());
  });

  it('stays, marked, when the books refuse it for good, and holds up nobody', async () => {
    const { given, entries } = await givenOwed();

    await owe(given, { reference: 'a', cardId: newId() });
    await owe(given, { reference: 'b' });

    const settled = [{ reference: 'a', refusedAs: 'NOT_FOUND' }];
    await waitFor('both', async () => JSON.stringify(await left(given.partnerId)) === JSON.stringify(settled));
    expect(await entries()).toMatchObject([{ reference: 'b' }]);
  });

  it('keeps its card from being closed until it is booked, and counts once when a call booked it before', async () => {
    const { given, body, award, till } = await givenOwed();
    const close = () => till.send(closeCard, { params: { id: given.cardId } });
    await award();
    await ledger.sql.begin(async (tx) => {
      // The job waits for this lock, as long as the test looks.
      await tx`select 1 from accounts where partner_id = ${given.partnerId} for update`;
      await owe(given, { reference: body.reference });
      await owe(given, { reference: newId() });

      expect(await close()).toMatchObject({
        status: 409,
        body: { details: { blocking: { members_with_balance: 1, points_outstanding: 200, holds: 0 } } },
      });
    });
    await waitFor('owed awards', async () => (await left(given.partnerId)).length === 0);
    expect(await close()).toMatchObject({ status: 409, body: { details: { blocking: { points_outstanding: 200 } } } });
  });
});

describe('internal.points.list_refused and internal.points.retry_refused', () => {
  /** Refused, since the ledger had never heard of the member. */
  const givenRefused = async (fields: { reference?: string; occurredAt?: Date } = {}) => {
    const { given, entries } = await givenOwed();
    const memberId = newId();
    const award = {
      ...{ partnerId: given.partnerId, cardId: given.cardId, memberId, points: 100, reference: newId() },
      ...{ event: 'voucher_bonus_points' as const, note: null, staffId: null, occurredAt: new Date(), ...fields },
    };
    await ledger.sql.begin((tx) => oweAward(tx, award));
    await waitFor('the refusal', async () => (await listed(given.partnerId)).total === 1);
    const retry = async (reference = award.reference) =>
      ledger.send(systemCaller(), retryRefusedAward, { body: { partner_id: given.partnerId, reference } });
    return { given, award, retry, entries };
  };
  const listed = async (partnerId?: string): Promise<Answer<typeof listRefusedAwards>> => {
    const query = partnerId === undefined ? {} : { partner_id: partnerId };
    return (await ledger.send(systemCaller(), listRefusedAwards, { query })).body.data;
  };
  const comes = ({ partnerId, memberId }: { partnerId: string; memberId: string }) =>
    ledger.sql.begin(async (tx) => {
      const member = { partnerId, memberId, isAnonymised: false, sequence: 1 };
      await saveMember(tx, member);
      await replaceIdentifiers(tx, member, [{ identifier: memberId, kind: 'id', isFindable: true }]);
    });

  it('list what was refused with its reason, the oldest first, of one partner or of all', async () => {
    const younger = await givenRefused();
    const older = await givenRefused({ occurredAt: new Date(Date.now() - 86_400_000) });
    const { award } = older;

    expect(await listed(award.partnerId)).toEqual({
      awards: [
        {
          ...{ partner_id: award.partnerId, reference: award.reference, card_id: award.cardId, points: 100 },
          ...{ member_id: award.memberId, event: 'voucher_bonus_points', refused_as: 'MEMBER_NOT_FOUND' },
          occurred_at: award.occurredAt.toISOString(),
        },
      ],
      total: 1,
    });
    const all = (await listed()).awards.map(({ reference }) => reference);
    expect(all.indexOf(award.reference)).toBeLessThan(all.indexOf(younger.award.reference));
    expect(all).toContain(younger.award.reference);
  });

  it('refuse it again as long as the cause is there, and book it once when it is gone, however many try', async () => {
    const { award, retry, entries } = await givenRefused();

    expect((await retry()).body.data).toEqual({ refused_as: 'MEMBER_NOT_FOUND' });
    expect((await listed(award.partnerId)).total).toBe(1);
    await comes(award);
    const answers = await times(10, () => retry());

    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 404)).toEqual([]);
    expect(statuses).toContain(200);
    expect(await entries()).toMatchObject([{ reference: award.reference, points: 100 }]);
    expect((await listed(award.partnerId)).total).toBe(0);
    expect((await retry()).body).toMatchObject({ code: 'NOT_FOUND', details: { field: 'reference' } });
  });

  it('know no award of another partner, and none that waits to be booked', async () => {
    const [{ award }, other] = [await givenRefused(), await givenRefused()];

    expect((await other.retry(award.reference)).status).toBe(404);
    expect((await listed(other.given.partnerId)).awards).toMatchObject([{ reference: other.award.reference }]);
  });

  it('are counted for whoever watches', async () => {
    await givenRefused();
    const { refused } = await countOwed(ledger.sql);

    await waitFor('the gauge', async () => {
      const { values } = await register.getSingleMetric('punchcard_ledger_owed_awards')!.get();
      return values.some(({ labels, value }) => labels['state'] === 'refused' && value === refused);
    });
  });
});

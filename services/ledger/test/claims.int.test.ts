import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimReward, getTransaction, listMyTransactions, listTransactions, newId } from '@punchcard/contracts';
import { givenMember, givenProgramme, givenTill, givenWallet, startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger, Programme } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger(2);
});
afterAll(() => stopAndVerify(ledger));

const CODE = /^[A-HJ-NP-Z2-9]{8}$/;

/** A member with points of a purchase. */
async function givenSaver(amount = 10, terms: Parameters<typeof givenProgramme>[1] = {}) {
  const given = await givenProgramme(ledger.sql, terms);
  const till = givenTill(ledger, given);
  await till.buy(amount);
  return { given, till, wallet: givenWallet(ledger, given) };
}

/** Another member of the programme, with points of a purchase. */
async function givenFriend(given: Programme, amount = 10) {
  const friend = { ...given, ...(await givenMember(ledger.sql, given.partnerId)) };
  await givenTill(ledger, friend).buy(amount);
  return { friend, wallet: givenWallet(ledger, friend) };
}

const claimsOf = ({ partnerId }: Programme) => ledger.sql`
  select event, points, reference from entries where partner_id = ${partnerId} and kind = 'redeem'
`;

describe('POST /member/rewards/{id}/claim', () => {
  it('takes the price from the points, in the language of the member, and gives a code that the till can look up', async () => {
    const { given, till, wallet } = await givenSaver(10, {
      reward: { points: 30, titles: { en_US: 'Free coffee', lt_LT: 'Kava' } },
    });

    const { status, body } = await wallet.claim({ reference: 'app-1' }, { language: 'lt' });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      ...{ transaction_id: expect.any(String), points_deducted: 30, member_balance: 100, new_balance: 70 },
      ...{ reward_id: given.rewardId, reward: 'Kava', card_id: given.cardId, member_id: given.memberId },
      ...{ claim_code: expect.stringMatching(CODE), duplicate: false },
    });
    const { claim_code: code, transaction_id: id } = body.data;
    const shown = {
      ...{ id, event: 'member_redeemed_points_for_reward', points: -30, balance_after: 70, claim_code: code },
      ...{ reward_id: given.rewardId, reference: 'app-1', status: 'completed' },
    };
    const found = await till.send(listTransactions, { query: { claim_code: code.toLowerCase() } });
    expect(found.body.data).toMatchObject([{ ...shown, staff_id: null, staff_name: 'System' }]);
    expect((await till.send(listTransactions, { query: { claim_code: 'ZZZZZZZZ' } })).body.data).toEqual([]);
    expect((await till.send(getTransaction, { params: { id } })).body.data).toMatchObject(shown);
    expect((await wallet.send(listMyTransactions)).body.data[0]).toMatchObject(shown);
    const [announced] = await ledger.sql`
      select type, data from outbox
      where partner_id = ${given.partnerId} and data ->> 'transaction_id' = ${id}
    `;
    expect(announced).toMatchObject({
      ...{ type: 'ledger.points_redeemed.v1', data: { event: 'member_redeemed_points_for_reward', points: -30 } },
    });
  });

  it('answers a repeat of the key with the same code, and books fifty at once as one', async () => {
    const { given, wallet } = await givenSaver();

    const answers = await times(50, () => wallet.claim({}, { key: 'claim-1' }));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await claimsOf(given)).toHaveLength(1);
    const other = await wallet.claim({ reference: 'x' }, { key: 'claim-1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('answers a repeat of the reference with the first code, later and at the same time', async () => {
    const { given, wallet } = await givenSaver();

    const answers = await times(20, () => wallet.claim({ reference: 'claim-1' }));
    const later = await wallet.claim({ reference: 'claim-1' });

    expect(new Set([...answers, later].map(({ body }) => body.data.claim_code)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.data.duplicate)).toHaveLength(1);
    expect(later.body.data.duplicate).toBe(true);
    expect(await claimsOf(given)).toHaveLength(1);
    const elsewhere = { params: { id: newId() }, body: { card_id: given.cardId, reference: 'claim-1' } };
    expect((await wallet.send(claimReward, elsewhere)).status).toBe(404);
  });

  it('leaves a reference to each member, and to the tills of the partner', async () => {
    const { given, till, wallet } = await givenSaver();
    const { wallet: friends } = await givenFriend(given);

    const answers = [
      await wallet.claim({ reference: '1' }, { key: 'k' }),
      await friends.claim({ reference: '1' }, { key: 'k' }),
      await till.redeem({ reference: '1' }, { key: 'k' }),
    ];

    expect(answers.map(({ status, body }) => [status, body.data?.duplicate])).toEqual([
      [200, false],
      [200, false],
      [200, false],
    ]);
    expect(await claimsOf(given)).toHaveLength(3);
  });

  it('gives the last pieces once each, to members and to tills', async () => {
    const { given, till, wallet } = await givenSaver(100, { reward: { points: 10, maxNumberToRedeem: 7 } });
    const { wallet: friends } = await givenFriend(given, 100);

    const answers = await times(30, (n) => [wallet.claim(), friends.claim(), till.redeem()][n % 3]!);

    expect(await claimsOf(given)).toHaveLength(7);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => `${body.code} ${body.details.reason}`))).toEqual(
      new Set(['REWARD_NOT_AVAILABLE out_of_stock']),
    );
  });

  it.each([
    ['more points than there are', { points: 101 }, { code: 'INSUFFICIENT_POINTS', details: { required: 101 } }],
    ['a reward that is off', { isActive: false }, { code: 'REWARD_NOT_AVAILABLE', details: { reason: 'inactive' } }],
    ['more than a member may', { maxPerMember: 1 }, { details: { reason: 'member_limit' } }],
    ['a reward of another card', { cardIds: [] }, { details: { reason: 'not_on_card' } }],
  ])('refuses %s as a redemption is refused', async (_name, reward, refusal) => {
    const { wallet } = await givenSaver(10, { reward });
    await wallet.claim();

    expect(await wallet.claim()).toMatchObject({ status: 422, body: refusal });
  });

  it('is refused on a card that is off, and possible on one that has expired', async () => {
    const off = await givenSaver(10);
    const past = await givenSaver(10);
    await ledger.sql`update cards set is_active = false where card_id = ${off.given.cardId}`;
    await ledger.sql`update cards set expiration_date = now() where card_id = ${past.given.cardId}`;

    expect(await off.wallet.claim()).toMatchObject({ status: 422, body: { code: 'CARD_INACTIVE' } });
    expect((await past.wallet.claim()).status).toBe(200);
  });

  it('knows a card only if the member sees or has used it, and rewards of its partner alone', async () => {
    const { given, wallet } = await givenSaver();
    const [other, shown] = [
      await givenProgramme(ledger.sql),
      await givenProgramme(ledger.sql, { card: { isVisibleByDefault: true } }),
    ];
    const stranger = givenWallet(ledger, { ...given, ...(await givenMember(ledger.sql, given.partnerId)) });
    const missing = (id: string, what: object) => ({
      ...{ status: 404, body: { code: 'NOT_FOUND', details: { id, ...what } } },
    });
    const card = { resource: 'card', field: 'card_id' };

    expect(await stranger.claim()).toMatchObject(missing(given.cardId, card));
    expect(await wallet.claim({ card_id: other.cardId })).toMatchObject(missing(other.cardId, card));
    expect((await givenWallet(ledger, shown).claim()).body.code).toBe('INSUFFICIENT_POINTS');
    for (const id of [other.rewardId, newId(), 'nonsense']) {
      const answer = await wallet.send(claimReward, { params: { id }, body: { card_id: newId() } });
      expect(answer).toMatchObject(missing(id, { resource: 'reward' }));
      expect(answer.body.details).not.toHaveProperty('field');
    }
  });
});

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  addStamps,
  createStampCard,
  deleteCard,
  deleteClub,
  deleteStampCard,
  getPartner,
  listMyStampCards,
  listTransactions,
  memberBalance,
  memberStampCards,
  overview,
  redeemStamps,
  updatePermissions,
  updateStampCard,
} from '@punchcard/contracts';
import { databaseUrlOf, environmentOf } from '@punchcard/local';
import { adminApi, apiOf, dataOf, eventually, givenKey, givenMember, givenPartner, givenProgramme } from './given.ts';
import { running, times } from './given.ts';

/** A partner with a programme, a member, a stamp card, and a till that may do what a till with stamps does. */
async function givenStamps(terms: object = {}) {
  const own = await givenPartner();
  const programme = await givenProgramme(own.agent);
  const member = await givenMember(own.slug);
  const till = apiOf({ 'x-agent-key': await givenKey(own.partnerId, { preset: 'point_of_sale_plus' }) });
  const body = { club_id: programme.club.id, name: 'Five coffees', title: 'The fifth is on us', stamps_required: 5 };
  const stampCard = await dataOf(own.agent(createStampCard, { body: { ...body, ...terms } }));
  const params = { id: stampCard.id };
  const named = { member_identifier: member.email };
  return {
    ...{ ...own, ...programme, member, till, stampCard, params },
    ...{ wallet: apiOf({ 'x-agent-key': member.key }) },
    add: (extra: object = {}) => till(addStamps, { params, body: { ...named, ...extra } }),
    redeem: (extra: object = {}) => till(redeemStamps, { params, body: { ...named, ...extra } }),
  };
}

describe('a stamp card, from the first stamp to the coffee', () => {
  it('takes stamps at once after everything was made, and shows the member how far it is', async () => {
    const given = await givenStamps({ stamps_expire_days: 30, reward_title: 'A coffee' });
    const { member, stampCard, wallet } = given;

    const first = await dataOf(given.add({ stamps: 4, reference: 'receipt-1' }));
    const again = await dataOf(given.add({ stamps: 4, reference: 'receipt-1' }));
    const last = await dataOf(given.add());

    expect(first).toMatchObject({ current_stamps: 4, stamps_required: 5, matched_by: 'email', completed: false });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(last).toMatchObject({ current_stamps: 0, completed: true, completed_count: 1, pending_rewards: 1 });
    const [own] = await dataOf(wallet(listMyStampCards));
    expect(own).toMatchObject({ stamp_card_id: stampCard.id, pending_rewards: 1, reward_title: 'A coffee' });
    expect(await dataOf(given.agent(memberStampCards, { params: { id: member.id } }))).toMatchObject([
      { stamp_card_id: stampCard.id, current_stamps: 0, pending_rewards: 1 },
    ]);
  });

  it('keeps itself and its club while a reward waits, and goes when it was handed out', async () => {
    const { agent, params, club, add, redeem, wallet } = await givenStamps();
    await dataOf(add({ stamps: 6 }));

    const refused = await agent(deleteStampCard, { params });
    await dataOf(agent(updateStampCard, { params, body: { is_active: false } }));
    const off = await add();
    const coffee = await dataOf(redeem());
    const deleted = await agent(deleteStampCard, { params });

    expect(refused).toMatchObject({
      ...{ status: 409, body: { details: { reason: 'pending_rewards', blocking: { pending_rewards: 1 } } } },
    });
    expect(off).toMatchObject({ status: 422, body: { code: 'STAMP_CARD_INACTIVE', retry_strategy: 'no_retry' } });
    expect(coffee).toMatchObject({ reward_title: 'The fifth is on us', pending_rewards: 0, points_awarded: 0 });
    expect(deleted).toMatchObject({ status: 200, body: { data: { id: params.id, deleted: true } } });
    expect(await add()).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await dataOf(wallet(listMyStampCards))).toEqual([]);
    const club409 = await agent(deleteClub, { params: { id: club.id } });
    expect(club409).toMatchObject({ body: { details: { blocking: { cards: 1, stamp_cards: 0 } } } });
  });

  it('pays points onto the other card, which analytics counts, and which then cannot go', async () => {
    const { agent, partner, member, add, ...given } = await givenStamps();
    const paying = { reward_points: 40, reward_card_id: given.card.id, requires_physical_claim: false };
    await dataOf(agent(updateStampCard, { params: given.params, body: paying }));

    const filled = await dataOf(add({ stamps: 11 }));

    expect(filled).toMatchObject({ points_awarded: 80, current_stamps: 1, completed_count: 2, pending_rewards: 0 });
    const balance = await dataOf(agent(memberBalance, { params: { id: member.id, cardId: given.card.id } }));
    expect(balance).toMatchObject({ balance: 80, lifetime_points: 80 });
    const entries = await dataOf(agent(listTransactions, { query: { event: 'stamp_card_reward_points' } }));
    expect(entries).toMatchObject([
      { id: filled.transaction_id, points: 80, member_id: member.id, staff_name: 'System' },
    ]);
    await eventually('the points in analytics', async () => {
      const { total_points_issued: issued } = await dataOf(partner(overview));
      return issued === 80;
    });
    expect(await agent(deleteCard, { params: { id: given.card.id } })).toMatchObject({
      ...{ status: 409, body: { details: { reason: 'in_use', blocking: { stamp_cards: 1 } } } },
    });
    await eventually('the usage of the partner', async () => {
      const { usage } = await dataOf(adminApi()(getPartner, { params: { id: given.partnerId } }));
      return usage.stamp_cards === 1;
    });
  });
});

describe('many at once', () => {
  it('complete a card exactly once with fifty last stamps, and hand out its reward once of twenty tries', async () => {
    const { add, redeem } = await givenStamps({ stamps_required: 50 });
    await dataOf(add({ stamps: 49 }));

    const stamped = await times(50, () => dataOf(add()));
    const handed = await times(20, () => redeem());

    expect(stamped.filter(({ completed }) => completed)).toHaveLength(1);
    expect(Math.max(...stamped.map(({ current_stamps: current }) => current))).toBe(49);
    expect(handed.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body } of handed.filter(({ status }) => status !== 200)) {
      expect(body).toMatchObject({
        code: 'STAMP_CARD_INCOMPLETE',
        details: { current_stamps: 49, stamps_required: 50 },
      });
    }
  });
});

describe('a partner without stamp cards', () => {
  it('cannot make or stamp any, while members still see what they have begun', async () => {
    const given = await givenStamps();
    await dataOf(given.add());
    const permissions = { params: { id: given.partnerId }, body: { stamp_cards_permission: false } };
    await dataOf(adminApi()(updatePermissions, permissions));

    const refused = await eventually('the closed feature', async () => {
      const answer = await given.add();
      return answer.status === 403 && answer;
    });

    expect(refused.body).toMatchObject({ code: 'FEATURE_DISABLED', details: { feature: 'stamp_cards' } });
    expect(await dataOf(given.wallet(listMyStampCards))).toMatchObject([{ stamp_card_id: given.stampCard.id }]);
  });
});

describe('the books', () => {
  it('prove the stamps of all these stories', async () => {
    const { facts } = running();
    const env = {
      ...process.env,
      ...environmentOf('ledger', facts),
      LEDGER_DATABASE_URL: databaseUrlOf('ledger', facts),
    };
    const root = resolve(import.meta.dirname, '..');
    const verify = spawn('node', ['services/ledger/src/verify-main.ts'], { cwd: root, env, stdio: 'ignore' });

    expect(await new Promise((done) => verify.on('close', done))).toBe(0);
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cardChanged,
  clubChanged,
  listTransactions,
  memberBalance,
  memberChanged,
  newId,
  partnerChanged,
  partnerGates,
  rewardChanged,
  stampCardChanged,
  tierChanged,
  type CallerPartner,
} from '@punchcard/contracts';
import { givenCallerPartner, partnerCaller, waitFor, type Answered, type Published } from '@punchcard/testing';
import { givenProgramme, givenTill, hashOf, startLedger, type Ledger } from './given.ts';
import { givenStamper } from './given-stamps.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger?.stop());

const AT = '2026-03-08T09:15:00.000Z';

const partnerEvent = ({ id, name, slug, time_zone, locale }: CallerPartner): Published => ({
  ...{ event: partnerChanged, key: id },
  data: {
    ...{ partner_id: id, name, slug, tier: 'enterprise', status: 'active', network_id: null, currency: 'EUR' },
    ...{ time_zone, locale, gates: partnerGates.parse({}), is_deleted: false, created_at: AT, updated_at: AT },
  },
});
const clubEvent = (key: string, clubId: string, data: object = {}): Published => ({
  ...{ event: clubChanged, key },
  data: { club_id: clubId, name: 'Old Town', is_active: true, is_deleted: false, created_at: AT, ...data },
});
const cardEvent = (key: string, ids: { cardId: string; clubId: string }, data: object = {}): Published => ({
  ...{ event: cardChanged, key },
  data: {
    ...{ ...cardChanged.example, card_id: ids.cardId, club_id: ids.clubId, points_expiration_months: null },
    ...data,
  },
});
const memberEvent = (key: string, memberId: string, data: object = {}): Published => ({
  ...{ event: memberChanged, key },
  data: { member_id: memberId, state: 'active', identifiers: [], registered_at: AT, ...data },
});

describe('an event of before titles were told', () => {
  it('leaves a card and a tier their names', async () => {
    const partner = givenCallerPartner();
    const ids = { clubId: newId(), cardId: newId() };
    const { titles: _, ...card } = cardEvent(partner.id, ids, { is_visible_by_default: true }).data as object & {
      titles: unknown;
    };
    const { display_names: _names, icon: _icon, color: _color, ...tier } = tierChanged.example;
    await ledger.topics.publish(partner.id, [
      { event: cardChanged, key: partner.id, data: card },
      { event: tierChanged, key: partner.id, data: { ...tier, tier_id: newId() } },
    ]);

    await waitFor('both', async () => {
      const rows = await ledger.sql`
        select c.name, c.titles, c.is_visible_by_default, t.display_names, t.icon, t.color, t.level
        from cards c
        join tiers t using (partner_id)
        where c.partner_id = ${partner.id}
      `;
      if (rows.length === 0) return false;
      expect([...rows]).toEqual([
        {
          ...{ name: 'Coffee card', titles: {}, isVisibleByDefault: true },
          ...{ displayNames: {}, icon: null, color: null, level: 2 },
        },
      ]);
      return true;
    });
  });
});

describe('a stamp card that was made a moment ago', () => {
  const stampCardEvent = (key: string, ids: { stampCardId: string; clubId: string; cardId: string }, data: object) => ({
    ...{ event: stampCardChanged, key },
    data: {
      ...{ ...stampCardChanged.example, stamp_card_id: ids.stampCardId, club_id: ids.clubId, min_purchase_minor: null },
      ...{ reward_points: 30, reward_card_id: ids.cardId, stamps_required: 2, max_stamps_per_day: null },
      ...data,
    },
  });

  it('takes stamps at once, pays onto a card that was made with it, and ends with its deletion', async () => {
    const partner = givenCallerPartner();
    const ids = { clubId: newId(), cardId: newId(), stampCardId: newId(), memberId: newId() };
    const { add, begun, own } = givenStamper(ledger, { partner, ...ids, email: ids.memberId }, ids.stampCardId);
    await ledger.topics.publish(partner.id, [partnerEvent(partner)]);
    await ledger.topics.publish(partner.id, [
      ...[clubEvent(partner.id, ids.clubId), cardEvent(partner.id, ids)],
      { ...stampCardEvent(partner.id, ids, {}), sequence: 3 },
    ]);
    await ledger.topics.publish(partner.id, [memberEvent(partner.id, ids.memberId)]);

    const paid = await patiently(() => add({ stamps: 3 }));
    await ledger.topics.publish(partner.id, [
      { ...stampCardEvent(partner.id, ids, { is_deleted: true }), sequence: 4 },
    ]);

    expect(paid).toMatchObject({ status: 200, body: { data: { points_awarded: 30, current_stamps: 1 } } });
    await waitFor('its end', async () => (await add()).status === 404);
    expect((await begun()).body.data).toEqual([]);
    expect((await own()).body.data).toEqual([]);
  });

  it('keeps the newest state, whatever comes late', async () => {
    const partner = givenCallerPartner();
    const ids = { clubId: newId(), cardId: newId(), stampCardId: newId() };
    await ledger.topics.publish(partner.id, [
      { ...stampCardEvent(partner.id, ids, { stamps_required: 9 }), sequence: 7 },
      { ...stampCardEvent(partner.id, ids, { stamps_required: 4 }), sequence: 6 },
      { ...cardEvent(partner.id, ids), sequence: 8 },
    ]);

    await waitFor('the last event', async () => {
      const rows = await ledger.sql`select 1 from cards where partner_id = ${partner.id}`;
      return rows.length > 0;
    });
    const [copy] = await ledger.sql`
      select stamps_required, reward_titles, stamp_icon, sequence from stamp_cards where partner_id = ${partner.id}
    `;
    expect(copy).toEqual({
      ...{ stampsRequired: 9, rewardTitles: { en_US: 'A coffee of your choice' }, stampIcon: 'coffee', sequence: 7 },
    });
  });
});

/** Sends again while the copies need more than their second, as the answer says: never 404 in between. */
async function patiently(send: () => Promise<Answered>): Promise<Answered> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await send();
    if (answer.status !== 503) return answer;
  }
  throw new Error('The copies have not caught up within twenty tries of a second.');
}

describe('what was made a moment ago elsewhere', () => {
  it('is known to the next request: a miss waits until the copies have caught up', async () => {
    const partner = givenCallerPartner();
    const caller = partnerCaller(partner);
    const ids = { clubId: newId(), cardId: newId(), rewardId: newId(), memberId: newId() };
    const given = { partner, partnerId: partner.id, ...ids, email: 'ann@example.com' };
    const till = givenTill(ledger, given);
    await ledger.topics.publish(partner.id, [partnerEvent(partner)]);
    await ledger.topics.publish(partner.id, [clubEvent(partner.id, ids.clubId), cardEvent(partner.id, ids)]);
    const identifiers = [
      { kind: 'email', hash: hashOf(partner.id, 'email', given.email) },
      { kind: 'unique_identifier', hash: hashOf(partner.id, 'unique_identifier', '118-402-973-664') },
      { kind: 'member_number', hash: hashOf(partner.id, 'member_number', 'A-1001') },
    ];
    await ledger.topics.publish(partner.id, [memberEvent(partner.id, ids.memberId, { identifiers })]);

    const first = await patiently(() => till.buy(24.5));
    const reward = { ...rewardChanged.example, reward_id: ids.rewardId, card_ids: [ids.cardId] };
    await ledger.topics.publish(partner.id, [{ event: rewardChanged, key: partner.id, data: reward, sequence: 3 }]);
    const redeemed = await patiently(() => till.redeem({ member_identifier: '118402973664' }));
    const balance = await ledger.send(caller, memberBalance, { params: { id: ids.memberId, cardId: ids.cardId } });

    expect(first).toMatchObject({ status: 200, body: { data: { points_awarded: 245, matched_by: 'email' } } });
    expect(redeemed).toMatchObject({
      status: 200,
      body: { data: { new_balance: 45, matched_by: 'unique_identifier' } },
    });
    expect(balance.body.data).toMatchObject({ balance: 45, lifetime_points: 245 });
    expect((await till.buy(1, { member_identifier: 'A-1001' })).body.data.matched_by).toBe('member_number');
    expect((await till.buy(1, { member_identifier: 'a-1001' })).status).toBe(404);
  });

  it('is not there for certain once the copies have caught up, and the list is empty', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);

    const listed = await patiently(() =>
      till.send(listTransactions, { query: { member_identifier: 'nobody@example.com' } }),
    );

    expect((await patiently(() => till.buy(1, { member_identifier: 'nobody@example.com' }))).status).toBe(404);
    expect(listed).toMatchObject({ status: 200, body: { data: [], pagination: { total: 0 } } });
  });
});

describe('a copy', () => {
  it('keeps the newest state, in whatever order events arrive, and however often', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const newer = { ...cardEvent(given.partnerId, given, { points_per_currency: 30 }), sequence: 9, id: newId() };
    const older = { ...cardEvent(given.partnerId, given, { points_per_currency: 20 }), sequence: 8 };
    await ledger.topics.publish(given.partnerId, [newer, older, newer]);
    await applied(given.partnerId, 9);
    await ledger.topics.publish(given.partnerId, [{ ...clubEvent(given.partnerId, newId()), sequence: 10 }]);
    await applied(given.partnerId, 10);

    expect((await till.buy(1)).body.data.points_awarded).toBe(30);
  });

  it('forgets how somebody who was anonymised was found', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    expect((await till.buy(1)).status).toBe(200);

    await ledger.topics.publish(given.partnerId, [
      { ...memberEvent(given.partnerId, given.memberId, { state: 'anonymised' }), sequence: 2 },
    ]);
    await waitFor('the copy', async () => (await till.buy(1)).status === 404);

    expect((await till.buy(1, { member_identifier: given.memberId })).status).toBe(404);
    const rows = await ledger.sql`
      select kind, is_findable from member_identifiers where partner_id = ${given.partnerId}
    `;
    expect([...rows]).toEqual([{ kind: 'id', isFindable: false }]);
  });

  it('refuses an identifier that fits two members, and takes an id in its place', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const hash = hashOf(given.partnerId, 'member_number', '7');
    const two = [newId(), newId()];
    await ledger.topics.publish(
      given.partnerId,
      two.map((id) => memberEvent(given.partnerId, id, { identifiers: [{ kind: 'member_number', hash }] })),
    );

    expect((await patiently(() => till.buy(1, { member_identifier: two[1] }))).status).toBe(200);
    expect(await till.buy(1, { member_identifier: '7' })).toMatchObject({
      status: 409,
      body: { code: 'MEMBER_AMBIGUOUS', details: { matches: 2 } },
    });
  });

  it('begins to count a reward when its first limit comes, at the redemptions that there were', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await till.buy(100);
    await till.redeem();
    await till.redeem();
    const reward = {
      ...{ ...rewardChanged.example, reward_id: given.rewardId, card_ids: [given.cardId], points: 10 },
      max_number_to_redeem: 3,
    };
    await ledger.topics.publish(given.partnerId, [
      { event: rewardChanged, key: given.partnerId, data: reward, sequence: 5 },
    ]);
    await applied(given.partnerId, 5);

    expect((await till.redeem()).status).toBe(200);
    expect(await till.redeem()).toMatchObject({
      status: 422,
      body: { code: 'REWARD_NOT_AVAILABLE', details: { reason: 'out_of_stock' } },
    });
  });
});

async function applied(partnerId: string, sequence: number): Promise<void> {
  await waitFor(`sequence ${sequence} of the catalog`, async () => {
    const rows = await ledger.sql`
      select 1 from applied_sequences where partner_id = ${partnerId} and sequence >= ${sequence}
    `;
    return rows.length > 0;
  });
}

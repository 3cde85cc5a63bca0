import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  getMyCard,
  getMyReward,
  listMyCards,
  listMyRewards,
  newId,
  pointsRedeemed,
  type CallerPartner,
  type Endpoint,
} from '@punchcard/contracts';
import { waitFor, type Sending } from '@punchcard/testing';
import { given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());
beforeEach(() => catalog.ledger.reset());

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);

/** A member, and what it asks. */
function givenMember(partner: CallerPartner, usedCardIds: string[] = []) {
  const memberId = newId();
  catalog.ledger.usedBy.set(memberId, usedCardIds);
  return {
    memberId,
    ask: (endpoint: Endpoint, sending: Sending = {}) => catalog.sendAs([partner, memberId], endpoint, sending),
  };
}

/** A card of each kind. */
async function givenCards(partner: CallerPartner) {
  const make = given(catalog, partner);
  const club_id = await make.club();
  const past = { issue_date: inHours(-2), expiration_date: inHours(-1) };
  const visible = { club_id, is_visible_by_default: true };
  return {
    shown: await make.card(visible),
    hidden: await make.card({ club_id }),
    shownExpired: await make.card({ ...visible, ...past }),
    hiddenExpired: await make.card({ club_id, ...past }),
    shownOff: await make.card({ ...visible, is_active: false }),
    shownScheduled: await make.card({ ...visible, issue_date: inHours(1) }),
  };
}

describe('GET /member/cards', () => {
  it('shows what everybody sees and whatever the member has used, newest first, with the fields for members alone', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const cards = await givenCards(partner);
    const nobody = givenMember(partner);
    const somebody = givenMember(partner, [cards.hidden, cards.hiddenExpired, cards.shownOff, cards.shown, newId()]);

    expect(idsOf(await nobody.ask(listMyCards))).toEqual([cards.shownExpired, cards.shown]);
    const { body } = await somebody.ask(listMyCards);
    expect(idsOf({ body })).toEqual([
      ...[cards.shownOff, cards.hiddenExpired, cards.shownExpired, cards.hidden, cards.shown],
    ]);
    expect(body.pagination).toMatchObject({ total: 5, current_page: 1 });
    expect(body.data.at(-1)).toEqual({
      ...{ id: cards.shown, unique_identifier: expect.any(String), title: 'Coffee card', head: null },
      ...{ description: null, currency: 'EUR', currency_unit_amount: 1, points_per_currency: 10 },
      ...{ min_purchase_amount: null, initial_bonus_points: 0, points_expiration_months: null, status: 'active' },
      ...{ issue_date: expect.any(String), expiration_date: null, bg_color: null, text_color: null },
      ...{ bg_color_opacity: 100, bg_image_url: null, logo_url: null },
    });
    expect(idsOf(await somebody.ask(listMyCards, { query: { status: 'expired' } }))).toEqual([
      cards.hiddenExpired,
      cards.shownExpired,
    ]);
    const second = await somebody.ask(listMyCards, { query: { page: 2, per_page: 2 } });
    expect(idsOf(second)).toEqual([cards.shownExpired, cards.hidden]);
  });

  it('speaks the language of the member', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const title = { en_US: 'Gold card', lt_LT: 'Aukso kortelė' };
    await given(catalog, partner).card({ title, is_visible_by_default: true });

    const { body } = await givenMember(partner).ask(listMyCards, { language: 'lt' });

    expect(body.data[0]).toMatchObject({ title: 'Aukso kortelė', translations: { title } });
  });

  it('shows nothing of another partner, even if the ledger named it', async () => {
    const [partner, other] = [givenPartner({ cards_on_homepage: true }), givenPartner({ cards_on_homepage: true })];
    const theirs = await givenCards(other);

    expect(idsOf(await givenMember(partner, Object.values(theirs)).ask(listMyCards))).toEqual([]);
    expect(await givenMember(partner).ask(getMyCard, { params: { id: theirs.shown } })).toMatchObject({ status: 404 });
  });

  it('says 503 while the ledger is away, not that there is nothing', async () => {
    const { ask } = givenMember(givenPartner());
    catalog.ledger.goAway();

    for (const endpoint of [listMyCards, listMyRewards]) {
      expect(await ask(endpoint)).toMatchObject({
        status: 503,
        body: { code: 'SERVICE_UNAVAILABLE', retry_strategy: 'backoff', details: { service: 'ledger' } },
      });
    }
  });
});

describe('GET /member/cards/{id}', () => {
  it('shows an active card to who knows its id, asking nobody; others only to who sees or has used them', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const cards = await givenCards(partner);
    const stranger = givenMember(partner);
    const customer = givenMember(partner, Object.values(cards));
    const statusesFor = async ({ ask }: typeof stranger) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(cards).map(async ([kind, id]) => [kind, (await ask(getMyCard, { params: { id } })).status]),
        ),
      ) as Record<string, number>;

    expect(await statusesFor(stranger)).toEqual({
      ...{ shown: 200, hidden: 200, shownExpired: 200 },
      ...{ hiddenExpired: 404, shownOff: 404, shownScheduled: 404 },
    });
    expect(new Set(Object.values(await statusesFor(customer)))).toEqual(new Set([200]));

    catalog.ledger.goAway();
    expect((await stranger.ask(getMyCard, { params: { id: cards.hidden } })).body.data.id).toBe(cards.hidden);
    expect((await stranger.ask(getMyCard, { params: { id: cards.shownOff } })).status).toBe(503);
  });

  it('answers for one that is kept from the member as for one that is not there', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const { shownOff } = await givenCards(partner);
    const { ask } = givenMember(partner);

    for (const id of [shownOff, newId(), 'nonsense']) {
      expect(await ask(getMyCard, { params: { id } })).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND', details: { resource: 'card', id } },
      });
    }
  });
});

describe('GET /member/rewards', () => {
  it('shows what can be claimed now on cards that the member sees, and of its cards only those', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const make = given(catalog, partner);
    const { shown, hidden, shownOff } = await givenCards(partner);
    const both = await make.reward(shown, { card_id: undefined, card_ids: [hidden, shown], max_per_member: 3 });
    const kept = await make.reward(hidden);
    await make.reward(shown, { is_active: false });
    await make.reward(shown, { active_from: inHours(1) });
    await make.reward(shown, { expiration_date: inHours(-1) });
    await make.reward(shownOff);
    const images = ['https://example.com/cup.png'];
    const dated = await make.reward(shown, { active_from: inHours(-1), expiration_date: inHours(1), images });
    const stranger = givenMember(partner);
    const customer = givenMember(partner, [hidden]);

    const { body } = await stranger.ask(listMyRewards);
    expect(idsOf({ body })).toEqual([dated, both]);
    expect(body.data).toEqual([
      expect.objectContaining({ images, expiration_date: expect.any(String), card_ids: [shown] }),
      {
        ...{ id: both, title: 'Free coffee', description: null, points: 200, card_ids: [shown], images: [] },
        ...{ expiration_date: null, remaining: null, max_per_member: 3 },
      },
    ]);
    const seen = await customer.ask(listMyRewards);
    expect(idsOf(seen)).toEqual([dated, kept, both]);
    expect(seen.body.data.at(-1).card_ids).toEqual([hidden, shown]);
    expect(idsOf(await customer.ask(listMyRewards, { query: { card_id: hidden } }))).toEqual([kept, both]);
    expect(idsOf(await stranger.ask(listMyRewards, { query: { card_id: hidden } }))).toEqual([]);
    expect(idsOf(await customer.ask(listMyRewards, { query: { per_page: 1, page: 2 } }))).toEqual([kept]);
  });

  it('tells how many are left', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const make = given(catalog, partner);
    const id = await make.reward(await make.card({ is_visible_by_default: true }), { max_number_to_redeem: 2 });
    const { ask } = givenMember(partner);
    const remaining = async () => (await ask(getMyReward, { params: { id } })).body.data.remaining;
    expect(await remaining()).toBe(2);

    await catalog.publish(partner.id, [
      {
        ...{ event: pointsRedeemed, id: newId(), key: newId() },
        data: {
          ...pointsRedeemed.example,
          ...{ event: 'member_redeemed_points_for_reward', transaction_id: newId(), reward_id: id },
        },
      },
    ]);

    await waitFor('the redemption', async () => (await remaining()) === 1);
  });
});

describe('GET /member/rewards/{id}', () => {
  it('knows exactly what the list shows', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const make = given(catalog, partner);
    const { shown, hidden } = await givenCards(partner);
    const [open, kept, off] = [
      await make.reward(shown),
      await make.reward(hidden),
      await make.reward(shown, { is_active: false }),
    ];
    const [stranger, customer] = [givenMember(partner), givenMember(partner, [hidden])];
    const statusOf = async ({ ask }: typeof stranger, id: string) =>
      (await ask(getMyReward, { params: { id } })).status;

    expect(await statusOf(stranger, open)).toBe(200);
    expect(await statusOf(stranger, kept)).toBe(404);
    expect(await statusOf(customer, kept)).toBe(200);
    expect(await statusOf(customer, off)).toBe(404);
    expect((await stranger.ask(getMyReward, { params: { id: kept } })).body).toMatchObject({
      ...{ code: 'NOT_FOUND', details: { resource: 'reward', id: kept } },
    });
  });
});

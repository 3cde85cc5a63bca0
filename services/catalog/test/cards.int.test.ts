import { createCard, deleteCard, getCard, getReward, listCards, newId, updateCard } from '@punchcard/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { coffeeCard, given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());
beforeEach(() => catalog.ledger.reset());

const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);

describe('POST /partner/cards', () => {
  it('makes a card with the defaults of the contract, and announces it in minor units', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();

    const { status, body, mark } = await catalog.send(partner, createCard, { body: coffeeCard(clubId) });

    expect(status).toBe(201);
    expect(body.data).toEqual({
      id: expect.any(String),
      unique_identifier: expect.stringMatching(/^\d{3}-\d{3}-\d{3}-\d{3}$/),
      club_id: clubId,
      name: 'Coffee card',
      head: null,
      title: null,
      description: null,
      issue_date: body.data.created_at,
      expiration_date: null,
      currency: 'EUR',
      currency_unit_amount: 1,
      points_per_currency: 10,
      round_points_up: false,
      min_purchase_amount: null,
      min_points_per_purchase: null,
      max_points_per_purchase: null,
      initial_bonus_points: 0,
      points_expiration_months: null,
      points_expiration_rounding: 'none',
      pending_days: 0,
      reversal_policy: 'within_balance',
      is_active: true,
      is_visible_by_default: false,
      bg_color: null,
      text_color: null,
      bg_color_opacity: 100,
      bg_image_url: null,
      logo_url: null,
      reward_ids: [],
      status: 'active',
      created_at: expect.any(String),
      updated_at: body.data.created_at,
    });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)).toMatchObject({
      type: 'catalog.card_changed.v1',
      data: { card_id: body.data.id, club_id: clubId, currency: 'EUR', currency_unit_minor: 100, is_deleted: false },
    });
  });

  it('issues a card now when its date is null, made or changed', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();
    const body = { ...coffeeCard(clubId), issue_date: null };

    const { status, body: made } = await catalog.send(partner, createCard, { body });
    const early = { issue_date: '2020-01-01T00:00:00Z' };
    const params = { id: made.data.id };
    await catalog.send(partner, updateCard, { params, body: early });
    const { body: again } = await catalog.send(partner, updateCard, { params, body: { issue_date: null } });

    expect([status, made.data.issue_date]).toEqual([201, made.data.created_at]);
    expect(again.data.issue_date).toBe(again.data.updated_at);
  });

  it('keeps everything that is sent', async () => {
    const partner = givenPartner({ cards_on_homepage: true });
    const make = given(catalog, partner);
    const [clubId, rewardId] = [await make.club(), await make.reward(await make.card())];
    const sent = {
      club_id: clubId,
      name: 'Gold',
      head: 'Hello',
      title: { en_US: 'Gold card', lt_LT: 'Aukso kortelė' },
      description: 'All of it',
      issue_date: '2999-01-01T02:00:00+02:00',
      expiration_date: '3000-01-01T00:00:00Z',
      currency: 'KWD',
      currency_unit_amount: 0.125,
      points_per_currency: 3,
      round_points_up: true,
      min_purchase_amount: 2.5,
      min_points_per_purchase: 5,
      max_points_per_purchase: 5,
      initial_bonus_points: 50,
      points_expiration_months: 12,
      points_expiration_rounding: 'quarter',
      pending_days: 14,
      reversal_policy: 'unlimited',
      is_active: true,
      is_visible_by_default: true,
      bg_color: '#112233',
      text_color: '#ffFFff',
      bg_color_opacity: 0,
      bg_image_url: 'https://example.com/bg.png',
      logo_url: 'https://example.com/logo.png',
      reward_ids: [rewardId],
    };

    const { status, body, mark } = await catalog.send(partner, createCard, { body: sent });

    expect([status, body.data]).toEqual([
      201,
      {
        ...sent,
        ...{ id: body.data.id, unique_identifier: expect.any(String), status: 'scheduled' },
        title: 'Gold card',
        translations: { title: sent.title },
        issue_date: '2999-01-01T00:00:00.000Z',
        expiration_date: '3000-01-01T00:00:00.000Z',
        ...{ created_at: expect.any(String), updated_at: expect.any(String) },
      },
    ]);
    const events = await catalog.events(partner, mark);
    expect(events.at(-2)!.data).toMatchObject({ currency_unit_minor: 125, min_purchase_minor: 2_500 });
    expect(events.at(-1)!.data).toMatchObject({ reward_id: rewardId, card_ids: [expect.any(String), body.data.id] });
  });

  it('names every field that does not fit the others at once', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();
    const body = {
      ...coffeeCard(clubId),
      currency: 'JPY',
      currency_unit_amount: 0.5,
      min_purchase_amount: 100.25,
      issue_date: '2030-01-01T00:00:00Z',
      expiration_date: '2030-01-01T00:00:00Z',
      min_points_per_purchase: 10,
      max_points_per_purchase: 9,
    };

    const refused = await catalog.send(partner, createCard, { body });

    expect(refused.status).toBe(422);
    expect(refused.body.details.errors).toEqual({
      currency_unit_amount: ['must have at most 0 decimals in JPY'],
      min_purchase_amount: ['must have at most 0 decimals in JPY'],
      expiration_date: ['must be after issue_date'],
      max_points_per_purchase: ['must be at least min_points_per_purchase'],
    });
  });

  it('refuses a club and a reward that this partner does not have', async () => {
    const theirs = given(catalog, givenPartner());
    const [club, reward] = [await theirs.club(), await theirs.reward(await theirs.card())];
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [ownClub, ownReward] = [await make.club(), await make.reward(await make.card())];

    const noClub = await catalog.send(partner, createCard, { body: coffeeCard(club) });
    const noReward = await catalog.send(partner, createCard, {
      body: { ...coffeeCard(ownClub), reward_ids: [ownReward, reward] },
    });

    expect([noClub.status, noClub.body.code, noClub.body.details]).toEqual([404, 'CLUB_NOT_FOUND', { club_id: club }]);
    expect([noReward.status, noReward.body.code]).toEqual([404, 'NOT_FOUND']);
    expect(noReward.body.details).toEqual({ resource: 'reward', id: reward, field: 'reward_ids[1]' });
  });

  it('needs the flag of the partner to be visible by default', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();

    const { status, body } = await catalog.send(partner, createCard, {
      body: { ...coffeeCard(clubId), is_visible_by_default: true },
    });

    expect([status, body.code, body.details]).toEqual([403, 'FEATURE_DISABLED', { feature: 'cards_on_homepage' }]);
  });

  it('lets two of eight parallel requests through when two cards are allowed', async () => {
    const partner = givenPartner({ loyalty_cards_limit: 2 });
    const clubId = await given(catalog, partner).club();

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => catalog.send(partner, createCard, { body: coffeeCard(clubId) })),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect([refused.status, refused.body.details]).toEqual([
      403,
      { limit_name: 'loyalty_cards_limit', limit: 2, current: 2 },
    ]);
  });

  it('makes one card of parallel requests with one key', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => catalog.send(partner, createCard, { body: coffeeCard(clubId), key: 'card-1' })),
    );

    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data.id}`)).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => isReplayed)).toHaveLength(4);
  });
});

describe('GET /partner/cards', () => {
  it.each([
    [{ status: 'active' }, ['open']],
    [{ status: 'inactive' }, ['off']],
    [{ status: 'scheduled' }, ['later']],
    [{ status: 'expired' }, ['over']],
    [{ search: 'LATE' }, ['later']],
    [{ club_id: newId() }, []],
    [{}, ['over', 'later', 'off', 'open']],
  ])('finds by %j', async (query, names) => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const club_id = await make.club();
    await make.card({ club_id, name: 'open' });
    await make.card({ club_id, name: 'off', is_active: false });
    await make.card({ club_id, name: 'later', issue_date: '2999-01-01T00:00:00Z' });
    await make.card({
      ...{ club_id, name: 'over' },
      ...{ issue_date: '2020-01-01T00:00:00Z', expiration_date: '2021-01-01T00:00:00Z' },
    });

    const { body } = await catalog.send(partner, listCards, { query });

    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(body.pagination.total).toBe(names.length);
  });

  it('finds by club and by unique identifier', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [clubId] = [await make.club(), await make.card()];
    const id = await make.card({ club_id: clubId });
    const card = await catalog.send(partner, getCard, { params: { id } });

    const ofClub = await catalog.send(partner, listCards, { query: { club_id: clubId } });
    const found = await catalog.send(partner, listCards, { query: { search: card.body.data.unique_identifier } });

    expect([idsOf(ofClub), idsOf(found)]).toEqual([[id], [id]]);
  });
});

describe('GET, PUT, DELETE /partner/cards/{id}', () => {
  it.each([getCard, updateCard, deleteCard].map((endpoint) => [endpoint.id, endpoint] as const))(
    "%s: another partner's card is as absent as an unknown one",
    async (_, endpoint) => {
      const theirs = await given(catalog, givenPartner()).card();

      for (const id of [theirs, newId()]) {
        const { status, body } = await catalog.send(givenPartner(), endpoint, { params: { id } });

        expect([status, body.code, body.details]).toEqual([404, 'NOT_FOUND', { resource: 'card', id }]);
      }
      expect(catalog.ledger.asked).toEqual([]);
    },
  );

  it('shows texts in the language that the reader likes, else in the partner’s', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card({ title: { en_US: 'Coffee', lt_LT: 'Kava' } });

    const titles = await Promise.all(
      ['lt', 'de, lt-LT;q=0.5', 'de'].map(async (language) => {
        const { body } = await catalog.send(partner, getCard, { params: { id }, language });
        return [body.data.title, body.data.translations];
      }),
    );

    const translations = { title: { en_US: 'Coffee', lt_LT: 'Kava' } };
    expect(titles).toEqual([
      ['Kava', translations],
      ['Kava', translations],
      ['Coffee', translations],
    ]);
  });
});

describe('PUT /partner/cards/{id}', () => {
  it('changes what is sent, without asking the ledger', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card({ title: 'Coffee', expiration_date: '2999-01-01T00:00:00Z' });

    const { status, body, mark } = await catalog.send(partner, updateCard, {
      params: { id },
      body: { points_per_currency: 12, title: null, expiration_date: null, currency: 'EUR' },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      points_per_currency: 12,
      title: null,
      expiration_date: null,
      name: 'Coffee card',
    });
    expect(catalog.ledger.asked).toEqual([]);
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ card_id: id, points_per_currency: 12, expiration_date: null });
  });

  it('without fields is 200, changes nothing and announces nothing', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card();
    const before = await catalog.send(partner, getCard, { params: { id } });

    const { status, body, mark } = await catalog.send(partner, updateCard, { params: { id }, body: {} });

    expect([status, body, mark]).toEqual([200, before.body, null]);
  });

  it('checks a field against those that stay', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card({ min_points_per_purchase: 10, issue_date: '2030-01-01T00:00:00Z' });

    const { status, body } = await catalog.send(partner, updateCard, {
      params: { id },
      body: { max_points_per_purchase: 9, expiration_date: '2029-01-01T00:00:00Z', min_purchase_amount: 0.001 },
    });

    expect(status).toBe(422);
    expect(Object.keys(body.details.errors)).toEqual([
      'min_purchase_amount',
      'expiration_date',
      'max_points_per_purchase',
    ]);
  });

  it('keeps amounts in major units when a card without transactions gets another currency', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.card({ currency_unit_amount: 5, min_purchase_amount: 20 });
    const fine = await make.card({ min_purchase_amount: 20.5 });

    const { status, body, mark } = await catalog.send(partner, updateCard, {
      params: { id },
      body: { currency: 'JPY' },
    });
    const refused = await catalog.send(partner, updateCard, { params: { id: fine }, body: { currency: 'JPY' } });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ currency: 'JPY', currency_unit_amount: 5, min_purchase_amount: 20 });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ currency_unit_minor: 5, min_purchase_minor: 20 });
    expect(catalog.ledger.asked).toContainEqual({ id: 'usage', card: id, partner: partner.id });
    expect([refused.status, Object.keys(refused.body.details.errors)]).toEqual([422, ['min_purchase_amount']]);
  });

  it('refuses another currency or club once the card has transactions', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [id, club] = [await make.card(), await make.club()];
    catalog.ledger.used.add(id);

    const currency = await catalog.send(partner, updateCard, { params: { id }, body: { currency: 'USD' } });
    const moved = await catalog.send(partner, updateCard, { params: { id }, body: { club_id: club } });
    const other = await catalog.send(partner, updateCard, { params: { id }, body: { name: 'Tea card' } });

    expect([currency.status, currency.body.code, currency.body.details]).toEqual([
      ...[409, 'CONFLICT'],
      { reason: 'currency_fixed' },
    ]);
    expect([moved.status, moved.body.details]).toEqual([409, { reason: 'club_fixed' }]);
    expect(other.status).toBe(200);
  });

  it('answers a repeat from the record although the card has transactions by now', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card();
    const change = { params: { id }, body: { currency: 'USD' }, key: 'usd' };
    const first = await catalog.send(partner, updateCard, change);
    await catalog.send(partner, updateCard, { params: { id }, body: { currency: 'EUR' } });
    catalog.ledger.used.add(id);

    const repeat = await catalog.send(partner, updateCard, change);

    expect([first.status, repeat.status, repeat.isReplayed, repeat.body]).toEqual([200, 200, true, first.body]);
  });

  it('is 503 while the ledger, which it must ask, is away', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card();
    catalog.ledger.goAway();

    const { status, body } = await catalog.send(partner, updateCard, { params: { id }, body: { currency: 'USD' } });

    expect([status, body.code, body.details]).toEqual([503, 'SERVICE_UNAVAILABLE', { service: 'ledger' }]);
  });

  it('may keep a card visible when the flag is gone, but not make one visible', async () => {
    const open = givenPartner({ cards_on_homepage: true });
    const id = await given(catalog, open).card({ is_visible_by_default: true });
    const closed = { ...open, gates: givenPartner().gates };

    const kept = await catalog.send(closed, updateCard, { params: { id }, body: { is_visible_by_default: true } });
    await catalog.send(closed, updateCard, { params: { id }, body: { is_visible_by_default: false } });
    const again = await catalog.send(closed, updateCard, { params: { id }, body: { is_visible_by_default: true } });

    expect([kept.status, again.status, again.body.code]).toEqual([200, 403, 'FEATURE_DISABLED']);
  });

  it('replaces the set of rewards, and announces each reward whose cards changed', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [first, id] = [await make.card(), await make.card()];
    const [a, b, c] = [await make.reward(first), await make.reward(first), await make.reward(first)];
    await catalog.send(partner, updateCard, { params: { id }, body: { reward_ids: [b, a, b] } });
    const announced = (await catalog.sql`select last from sequences where partner_id = ${partner.id}`)[0]!['last'];

    const { body, mark } = await catalog.send(partner, updateCard, { params: { id }, body: { reward_ids: [c, b] } });

    expect(body.data.reward_ids).toEqual([c, b]);
    const events = (await catalog.events(partner, mark)).filter(({ sequence }) => sequence > announced);
    expect(events.map(({ data }) => data)).toEqual([
      expect.objectContaining({ card_id: id }),
      expect.objectContaining({ reward_id: a, card_ids: [first] }),
      expect.objectContaining({ reward_id: c, card_ids: [first, id] }),
    ]);
    const reward = await catalog.send(partner, getReward, { params: { id: a } });
    expect(reward.body.data.card_ids).toEqual([first]);
  });
});

describe('DELETE /partner/cards/{id}', () => {
  it('lets the ledger close the card, ends its links and announces both; a repeat by key does not ask again', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [kept, id] = [await make.card(), await make.card()];
    const reward = await make.reward(id);
    await catalog.send(partner, updateCard, { params: { id: kept }, body: { reward_ids: [reward] } });

    const first = await catalog.send(partner, deleteCard, { params: { id }, key: 'delete-1' });
    const repeat = await catalog.send(partner, deleteCard, { params: { id }, key: 'delete-1' });
    const second = await catalog.send(partner, deleteCard, { params: { id } });

    expect([first.status, first.body.data]).toEqual([200, { id, deleted: true }]);
    expect([repeat.isReplayed, repeat.body]).toEqual([true, first.body]);
    expect([second.status, second.body.code]).toEqual([404, 'NOT_FOUND']);
    expect(catalog.ledger.asked).toEqual([{ id: 'close', card: id, partner: partner.id }]);
    const events = await catalog.events(partner, first.mark);
    expect(events.slice(-2).map(({ data }) => data)).toEqual([
      expect.objectContaining({ card_id: id, is_deleted: true }),
      expect.objectContaining({ reward_id: reward, card_ids: [kept], is_deleted: false }),
    ]);
  });

  it('refuses a key of another request before the ledger is asked: closing could not be undone', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [first, second] = [await make.card(), await make.card()];
    await catalog.send(partner, deleteCard, { params: { id: first }, key: 'delete-1' });
    catalog.ledger.reset();

    const reused = await catalog.send(partner, deleteCard, { params: { id: second }, key: 'delete-1' });

    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(catalog.ledger.asked).toEqual([]);
    expect((await catalog.send(partner, getCard, { params: { id: second } })).status).toBe(200);
  });

  it('is refused as the ledger refuses it, and changes nothing', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).card();
    const blocking = { members_with_balance: 2, points_outstanding: 410, holds: 0 };
    catalog.ledger.blocked.set(id, blocking);

    const { status, body } = await catalog.send(partner, deleteCard, { params: { id } });

    expect([status, body.code, body.details]).toEqual([409, 'CONFLICT', { reason: 'open_balances', blocking }]);
    expect((await catalog.send(partner, getCard, { params: { id } })).status).toBe(200);
  });
});

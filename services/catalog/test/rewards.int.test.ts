import {
  createReward,
  deleteReward,
  getCard,
  getReward,
  listRewards,
  newId,
  updateCard,
  updateReward,
} from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freeCoffee, given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());

describe('POST /partner/rewards', () => {
  it('makes a reward with the defaults of the contract, and announces its whole state', async () => {
    const partner = givenPartner();
    const cardId = await given(catalog, partner).card();

    const { status, body, mark } = await catalog.send(partner, createReward, { body: freeCoffee(cardId) });

    expect(status).toBe(201);
    expect(body.data).toEqual({
      id: expect.any(String),
      card_ids: [cardId],
      card_id: cardId,
      name: 'Free coffee',
      title: 'Free coffee',
      description: null,
      points: 200,
      is_active: true,
      active_from: null,
      expiration_date: null,
      max_number_to_redeem: null,
      max_per_member: null,
      reward_type: 'product',
      images: [],
      number_of_times_redeemed: 0,
      remaining: null,
      created_at: expect.any(String),
      updated_at: body.data.created_at,
    });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)).toMatchObject({
      type: 'catalog.reward_changed.v1',
      data: {
        reward_id: body.data.id,
        card_ids: [cardId],
        name: 'Free coffee',
        titles: { en_US: 'Free coffee' },
        points: 200,
        is_active: true,
        active_from: null,
        expiration_date: null,
        max_number_to_redeem: null,
        max_per_member: null,
        is_deleted: false,
      },
    });
  });

  it('keeps everything that is sent, cards in the order in which they were sent', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const cards = [await make.card(), await make.card(), await make.card()].toReversed();
    const sent = {
      card_ids: [...cards, cards[0]],
      name: 'Cake',
      title: { lt_LT: 'Pyragas', en_US: 'Cake of the day' },
      description: 'With cream',
      points: 1_000_000_000,
      is_active: false,
      active_from: '2026-01-01T00:00:00.000Z',
      expiration_date: '2027-01-01T00:00:00.000Z',
      max_number_to_redeem: 100,
      max_per_member: 1,
      reward_type: 'service',
      images: ['https://example.com/cake.png'],
    };

    const { status, body } = await catalog.send(partner, createReward, { body: sent, language: 'lt' });

    expect([status, body.data]).toEqual([
      201,
      {
        ...sent,
        ...{
          id: body.data.id,
          card_ids: cards,
          card_id: cards[0],
          title: 'Pyragas',
          translations: { title: sent.title },
        },
        ...{ number_of_times_redeemed: 0, remaining: 100 },
        ...{ created_at: expect.any(String), updated_at: expect.any(String) },
      },
    ]);
  });

  it('refuses a card that this partner does not have, named as card_ids also when it came as card_id', async () => {
    const theirs = await given(catalog, givenPartner()).card();
    const partner = givenPartner();
    const own = await given(catalog, partner).card();

    const one = await catalog.send(partner, createReward, { body: freeCoffee(theirs) });
    const many = await catalog.send(partner, createReward, {
      body: { name: 'Free coffee', points: 200, card_ids: [own, theirs] },
    });

    expect([one.status, one.body.code, one.body.details]).toEqual([
      ...[404, 'NOT_FOUND'],
      { resource: 'card', id: theirs, field: 'card_ids[0]' },
    ]);
    expect([many.status, many.body.details]).toEqual([404, { resource: 'card', id: theirs, field: 'card_ids[1]' }]);
  });

  it.each([
    ['both card_ids and card_id', (card: string) => ({ card_ids: [card], card_id: card }), 'card_ids'],
    ['neither', () => ({}), 'card_ids'],
    ['no card at all', () => ({ card_ids: [] }), 'card_ids'],
    ['an end before its begin', (card_id: string) => ({ card_id, ...backwards }), 'expiration_date'],
  ])('refuses %s', async (_, rest, field) => {
    const partner = givenPartner();
    const card = await given(catalog, partner).card();

    const { status, body } = await catalog.send(partner, createReward, {
      body: { name: 'Free coffee', points: 200, ...rest(card) },
    });

    expect([status, Object.keys(body.details.errors)]).toEqual([422, [field]]);
  });
  const backwards = { active_from: '2027-01-01T00:00:00Z', expiration_date: '2026-12-31T23:59:59Z' };

  it('lets two of eight parallel requests through when two rewards are allowed', async () => {
    const partner = givenPartner({ rewards_limit: 2 });
    const cardId = await given(catalog, partner).card();

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => catalog.send(partner, createReward, { body: freeCoffee(cardId) })),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect([refused.status, refused.body.details]).toEqual([
      403,
      { limit_name: 'rewards_limit', limit: 2, current: 2 },
    ]);
  });

  it('answers a repeat with its key from the record', async () => {
    const partner = givenPartner();
    const cardId = await given(catalog, partner).card();
    const first = await catalog.send(partner, createReward, { body: freeCoffee(cardId), key: 'reward-1' });

    const repeat = await catalog.send(partner, createReward, { body: freeCoffee(cardId), key: 'reward-1' });

    expect([repeat.status, repeat.isReplayed, repeat.body]).toEqual([201, true, first.body]);
  });
});

describe('GET /partner/rewards', () => {
  it('finds by card, state and text, the newest first', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [one, other] = [await make.card(), await make.card()];
    const coffee = await make.reward(one, { name: 'Coffee', title: { lt_LT: 'Šalta kava' } });
    const cake = await make.reward(one, { name: 'Cake', is_active: false });
    const tea = await make.reward(other, { name: 'Tea' });
    const found = async (query: Record<string, string>) => {
      const { body } = await catalog.send(partner, listRewards, { query });
      return body.data.map(({ id }: { id: string }) => id);
    };

    expect(await found({})).toEqual([tea, cake, coffee]);
    expect(await found({ card_id: one })).toEqual([cake, coffee]);
    expect(await found({ is_active: 'false' })).toEqual([cake]);
    expect(await found({ search: 'šALTA' })).toEqual([coffee]);
    expect(await found({ card_id: newId() })).toEqual([]);
  });
});

describe('GET, PUT, DELETE /partner/rewards/{id}', () => {
  it.each([getReward, updateReward, deleteReward].map((endpoint) => [endpoint.id, endpoint] as const))(
    "%s: another partner's reward is as absent as an unknown one",
    async (_, endpoint) => {
      const make = given(catalog, givenPartner());
      const theirs = await make.reward(await make.card());

      for (const id of [theirs, newId()]) {
        const { status, body } = await catalog.send(givenPartner(), endpoint, { params: { id } });

        expect([status, body.code, body.details]).toEqual([404, 'NOT_FOUND', { resource: 'reward', id }]);
      }
    },
  );
});

describe('PUT /partner/rewards/{id}', () => {
  it('changes what is sent; a title that is cleared is the name again', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.reward(await make.card(), { title: 'For you', max_per_member: 3 });

    const { status, body, mark } = await catalog.send(partner, updateReward, {
      params: { id },
      body: { points: 250, title: null, max_per_member: null },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ points: 250, title: 'Free coffee', max_per_member: null, name: 'Free coffee' });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ reward_id: id, points: 250, titles: { en_US: 'Free coffee' } });
  });

  it('without fields is 200, changes nothing and announces nothing', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.reward(await make.card());
    const before = await catalog.send(partner, getReward, { params: { id } });

    const { status, body, mark } = await catalog.send(partner, updateReward, { params: { id }, body: {} });

    expect([status, body, mark]).toEqual([200, before.body, null]);
  });

  it('replaces the set of cards, in the order in which it was sent', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [a, b, c] = [await make.card(), await make.card(), await make.card()];
    const id = await make.reward(a);
    await catalog.send(partner, updateReward, { params: { id }, body: { card_ids: [a, b] } });

    const { body, mark } = await catalog.send(partner, updateReward, { params: { id }, body: { card_ids: [c, b] } });

    expect(body.data).toMatchObject({ card_ids: [c, b], card_id: c });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ reward_id: id, card_ids: [c, b] });
    const rewardsOf = async (card: string) =>
      (await catalog.send(partner, getCard, { params: { id: card } })).body.data.reward_ids;
    expect([await rewardsOf(a), await rewardsOf(b), await rewardsOf(c)]).toEqual([[], [id], [id]]);
  });

  it('checks a date against the one that stays', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.reward(await make.card(), { active_from: '2027-01-01T00:00:00Z' });

    const { status, body } = await catalog.send(partner, updateReward, {
      params: { id },
      body: { expiration_date: '2026-01-01T00:00:00Z' },
    });

    expect([status, body.details.errors]).toEqual([422, { expiration_date: ['must be after active_from'] }]);
  });

  it('has no more than 200 cards, from whichever side they come', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [club_id, first] = [await make.club(), await make.card()];
    const id = await make.reward(first);
    const cards = await Promise.all(Array.from({ length: 200 }, () => make.card({ club_id })));
    await catalog.send(partner, updateReward, { params: { id }, body: { card_ids: cards } });

    const { status, body } = await catalog.send(partner, updateCard, {
      params: { id: first },
      body: { reward_ids: [id] },
    });

    expect([status, body.details.errors]).toEqual([422, { 'reward_ids[0]': ['has 200 links already'] }]);
  });
});

describe('DELETE /partner/rewards/{id}', () => {
  it('ends its links and announces the end; a second delete is 404', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const card = await make.card();
    const id = await make.reward(card);

    const first = await catalog.send(partner, deleteReward, { params: { id } });
    const second = await catalog.send(partner, deleteReward, { params: { id } });

    expect([first.status, first.body.data, second.status]).toEqual([200, { id, deleted: true }, 404]);
    const events = await catalog.events(partner, first.mark);
    expect(events.at(-1)!.data).toMatchObject({ reward_id: id, card_ids: [], is_deleted: true });
    expect((await catalog.send(partner, getCard, { params: { id: card } })).body.data.reward_ids).toEqual([]);
  });
});

import {
  createStampCard,
  deleteCard,
  deleteClub,
  deleteStampCard,
  getCard,
  getStampCard,
  listStampCards,
  newId,
  updateStampCard,
} from '@punchcard/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { given, givenPartner, startCatalog, tenCoffees, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
beforeEach(() => catalog.ledger.reset());
afterAll(() => catalog?.stop());

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const anyId = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('POST /partner/stamp-cards', () => {
  it('makes a stamp card with the defaults, and announces its whole state', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();

    const { status, body, mark } = await catalog.send(partner, createStampCard, { body: tenCoffees(clubId) });

    expect(status).toBe(201);
    expect(body.data).toEqual({
      ...{ id: anyId, club_id: clubId, name: 'Ten coffees', title: 'Every tenth coffee is on us', description: null },
      ...{ reward_title: null, reward_description: null, stamps_required: 10, stamps_per_purchase: 1 },
      ...{ min_purchase_amount: null, currency: partner.currency, max_stamps_per_transaction: null },
      ...{ max_stamps_per_day: null, stamps_expire_days: null, reward_points: null, reward_card_id: null },
      ...{ requires_physical_claim: true, valid_from: null, valid_until: null, is_active: true },
      ...{ is_visible_by_default: true, stamp_icon: null, bg_color: null, text_color: null },
      ...{ created_at: anyTime, updated_at: body.data.created_at },
    });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)).toMatchObject({
      type: 'catalog.stamp_card_changed.v1',
      data: {
        ...{ stamp_card_id: body.data.id, club_id: clubId, stamps_required: 10, min_purchase_minor: null },
        ...{ titles: { [partner.locale]: 'Every tenth coffee is on us' }, requires_physical_claim: true },
        ...{ is_active: true, is_deleted: false, created_at: body.data.created_at },
      },
    });
  });

  it('keeps every field that is sent, texts in their languages and the minimum in minor units', async () => {
    const partner = givenPartner();
    const cardId = await given(catalog, partner).card();
    const clubId = await given(catalog, partner).club();
    const sent = {
      ...{ ...tenCoffees(clubId), title: { en_US: 'Ten coffees', lt_LT: 'Dešimt kavų' }, description: 'Drink' },
      ...{ reward_title: 'A coffee', reward_description: 'Any size', stamps_required: 2, stamps_per_purchase: 50 },
      ...{ min_purchase_amount: 2.35, currency: 'USD', max_stamps_per_transaction: 3, max_stamps_per_day: 7 },
      ...{ stamps_expire_days: 30, reward_points: 500, reward_card_id: cardId, requires_physical_claim: true },
      ...{ valid_from: '2026-01-01T00:00:00.000Z', valid_until: '2027-01-01T00:00:00.000Z', is_active: false },
      ...{ is_visible_by_default: false, stamp_icon: 'cup', bg_color: '#102030', text_color: null },
    };

    const { status, body, mark } = await catalog.send(partner, createStampCard, { body: sent, language: 'lt' });

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{ ...sent, title: 'Dešimt kavų' },
      translations: { title: { en_US: 'Ten coffees', lt_LT: 'Dešimt kavų' } },
    });
    expect((await catalog.events(partner, mark)).at(-1)).toMatchObject({
      data: { min_purchase_minor: 235, currency: 'USD', reward_points: 500, reward_card_id: cardId, stamp_icon: 'cup' },
    });
  });

  it.each([
    ['its club', { club_id: newId() }, { code: 'CLUB_NOT_FOUND' }],
    [
      'the card for its points',
      { reward_points: 5, reward_card_id: newId() },
      { code: 'NOT_FOUND', details: { resource: 'card', field: 'reward_card_id' } },
    ],
  ])('refuses when %s is not there', async (_name, body, refusal) => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();

    const answer = await catalog.send(partner, createStampCard, { body: { ...tenCoffees(clubId), ...body } });

    expect(answer).toMatchObject({ status: 404, body: refusal });
  });

  it("refuses another partner's club and card exactly as missing ones", async () => {
    const [partner, other] = [givenPartner(), givenPartner()];
    const [clubId, theirs, theirCard] = await Promise.all([
      given(catalog, partner).club(),
      given(catalog, other).club(),
      given(catalog, other).card(),
    ]);

    expect(await catalog.send(partner, createStampCard, { body: tenCoffees(theirs) })).toMatchObject({
      ...{ status: 404, body: { code: 'CLUB_NOT_FOUND', details: { club_id: theirs } } },
    });
    const paying = { ...tenCoffees(clubId), reward_points: 5, reward_card_id: theirCard };
    expect(await catalog.send(partner, createStampCard, { body: paying })).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND', details: { id: theirCard, field: 'reward_card_id' } } },
    });
  });

  it('lets no more through than the limit, however many come at once', async () => {
    const partner = givenPartner({ stamp_cards_limit: 2 });
    const clubId = await given(catalog, partner).club();

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => catalog.send(partner, createStampCard, { body: tenCoffees(clubId) })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403, 403, 403, 403, 403]);
    expect(answers.find(({ status }) => status === 403)!.body).toMatchObject({
      ...{ code: 'LIMIT_REACHED', details: { limit_name: 'stamp_cards_limit', limit: 2, current: 2 } },
    });
  });

  it('answers a repeat with its key from the record, and makes nothing', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();
    const first = await catalog.send(partner, createStampCard, { body: tenCoffees(clubId), key: 'one' });

    const repeat = await catalog.send(partner, createStampCard, { body: tenCoffees(clubId), key: 'one' });

    expect(repeat).toEqual({ ...first, isReplayed: true });
    expect((await catalog.send(partner, listStampCards)).body.pagination.total).toBe(1);
  });
});

describe('GET /partner/stamp-cards', () => {
  it('filters by club, state and text, newest first, and shows nobody the cards of others', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const clubId = await make.club();
    const first = await make.stampCard({ club_id: clubId, title: { en_US: 'Kaffee 100%' } });
    const second = await make.stampCard({ club_id: clubId, is_active: false });
    const third = await make.stampCard();
    const ids = async (query: Record<string, string>) =>
      (await catalog.send(partner, listStampCards, { query })).body.data.map(({ id }: { id: string }) => id);

    expect(await ids({})).toEqual([third, second, first]);
    expect(await ids({ club_id: clubId })).toEqual([second, first]);
    expect(await ids({ is_active: 'false' })).toEqual([second]);
    expect(await ids({ search: 'KAFFEE 100%' })).toEqual([first]);
    expect((await catalog.send(givenPartner(), listStampCards)).body.data).toEqual([]);
    expect(await catalog.send(givenPartner(), getStampCard, { params: { id: first } })).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND', details: { resource: 'stamp_card', id: first } } },
    });
  });
});

describe('PUT /partner/stamp-cards/{id}', () => {
  it('changes what is named, and announces the whole new state', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).stampCard({ min_purchase_amount: 3, stamps_expire_days: 9 });

    const { status, body, mark } = await catalog.send(partner, updateStampCard, {
      ...{ params: { id }, body: { stamps_required: 8, stamps_expire_days: null } },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ stamps_required: 8, min_purchase_amount: 3, stamps_expire_days: null });
    expect((await catalog.events(partner, mark)).at(-1)).toMatchObject({
      data: { stamps_required: 8, min_purchase_minor: 300, stamps_expire_days: null },
    });
  });

  it('announces nothing when nothing is named', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).stampCard();
    const before = await catalog.send(partner, getStampCard, { params: { id } });

    const { status, body, mark } = await catalog.send(partner, updateStampCard, { params: { id }, body: {} });

    expect({ status, body }).toEqual({ status: 200, body: before.body });
    expect(mark).toBeNull();
  });
});

describe('DELETE /partner/stamp-cards/{id}', () => {
  it('asks the ledger to close it, deletes it and announces the end; then it is not there', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).stampCard();

    const { status, body, mark } = await catalog.send(partner, deleteStampCard, { params: { id }, key: 'end' });

    expect({ status, body }).toEqual({ status: 200, body: { error: false, data: { id, deleted: true } } });
    expect(catalog.ledger.asked).toEqual([{ id: 'close stamp card', card: id, partner: partner.id }]);
    expect((await catalog.events(partner, mark)).at(-1)).toMatchObject({
      data: { stamp_card_id: id, is_deleted: true },
    });
    expect((await catalog.send(partner, deleteStampCard, { params: { id }, key: 'end' })).isReplayed).toBe(true);
    expect((await catalog.send(partner, deleteStampCard, { params: { id } })).status).toBe(404);
    expect(catalog.ledger.asked).toHaveLength(1);
  });

  it('is refused while rewards wait to be claimed, and stays', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).stampCard();
    catalog.ledger.blocked.set(id, { pending_rewards: 3 });

    expect(await catalog.send(partner, deleteStampCard, { params: { id } })).toMatchObject({
      ...{ status: 409, body: { code: 'CONFLICT' } },
      ...{ body: { details: { reason: 'pending_rewards', blocking: { pending_rewards: 3 } } } },
    });
    expect((await catalog.send(partner, getStampCard, { params: { id } })).status).toBe(200);
  });

  it('is 503 without the ledger, and done by the repeat', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).stampCard();
    catalog.ledger.goAway();

    expect((await catalog.send(partner, deleteStampCard, { params: { id }, key: 'end' })).status).toBe(503);
    catalog.ledger.reset();
    expect((await catalog.send(partner, deleteStampCard, { params: { id }, key: 'end' })).status).toBe(200);
  });
});

describe('what a stamp card needs', () => {
  it('keeps its club', async () => {
    const partner = givenPartner();
    const clubId = await given(catalog, partner).club();
    const id = await given(catalog, partner).stampCard({ club_id: clubId });

    expect(await catalog.send(partner, deleteClub, { params: { id: clubId } })).toMatchObject({
      status: 409,
      body: { details: { reason: 'in_use', blocking: { cards: 0, stamp_cards: 1, vouchers: 0, staff: 0 } } },
    });
    await catalog.send(partner, deleteStampCard, { params: { id } });
    expect((await catalog.send(partner, deleteClub, { params: { id: clubId } })).status).toBe(200);
  });

  it('keeps the card of its points, which the ledger is not even asked to close', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const cardId = await make.card();
    const id = await make.stampCard({ reward_points: 5, reward_card_id: cardId });

    expect(await catalog.send(partner, deleteCard, { params: { id: cardId } })).toMatchObject({
      status: 409,
      body: { details: { reason: 'in_use', blocking: { stamp_cards: 1 } } },
    });
    expect(catalog.ledger.asked).toEqual([]);
    await catalog.send(partner, deleteStampCard, { params: { id } });
    expect((await catalog.send(partner, deleteCard, { params: { id: cardId } })).status).toBe(200);
  });

  it('is not paid onto a card that may be closed already, but onto one that could not be closed', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const [cardId, clubId] = [await make.card(), await make.club()];
    const body = { ...tenCoffees(clubId), reward_points: 5, reward_card_id: cardId };
    catalog.ledger.goAway();
    expect((await catalog.send(partner, deleteCard, { params: { id: cardId } })).status).toBe(503);

    expect(await catalog.send(partner, createStampCard, { body })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', details: { reason: 'card_being_deleted' } },
    });
    catalog.ledger.reset();
    catalog.ledger.blocked.set(cardId, { points_outstanding: 7 });
    expect((await catalog.send(partner, deleteCard, { params: { id: cardId } })).status).toBe(409);
    expect((await catalog.send(partner, getCard, { params: { id: cardId } })).status).toBe(200);
    expect((await catalog.send(partner, createStampCard, { body })).status).toBe(201);
  });
});

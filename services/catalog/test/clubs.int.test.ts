import {
  createCard,
  createClub,
  createTier,
  deleteClub,
  getClub,
  listClubs,
  newId,
  updateClub,
} from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { coffeeCard, given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const anyId = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('POST /partner/clubs', () => {
  it('makes a club, announces its whole state and answers once that is on the topic', async () => {
    const partner = givenPartner();

    const { status, body, mark } = await catalog.send(partner, createClub, {
      body: { name: '  Downtown Location ', description: 'Our flagship store' },
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      error: false,
      data: {
        id: anyId,
        name: 'Downtown Location',
        description: 'Our flagship store',
        is_active: true,
        created_at: anyTime,
        updated_at: body.data.created_at,
      },
    });
    expect(await catalog.events(partner, mark)).toEqual([
      expect.objectContaining({
        source: 'punchcard/catalog',
        type: 'catalog.club_changed.v1',
        partnerid: partner.id,
        sequence: 1,
        data: {
          club_id: body.data.id,
          name: 'Downtown Location',
          is_active: true,
          is_deleted: false,
          created_at: body.data.created_at,
        },
      }),
    ]);
    expect(mark).toBe(1);
  });

  it('answers a repeat with its key from the record, and makes nothing', async () => {
    const partner = givenPartner();
    const first = await catalog.send(partner, createClub, { body: { name: 'Old Town' }, key: 'club-1' });

    const repeat = await catalog.send(partner, createClub, { body: { name: 'Old Town' }, key: 'club-1' });

    expect(repeat).toEqual({ ...first, isReplayed: true });
    expect(await catalog.events(partner, repeat.mark)).toHaveLength(1);
  });

  it('refuses a key that was used for another request', async () => {
    const partner = givenPartner();
    await catalog.send(partner, createClub, { body: { name: 'Old Town' }, key: 'club-1' });

    const { status, body } = await catalog.send(partner, createClub, { body: { name: 'New Town' }, key: 'club-1' });

    expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it.each([
    ['Old Town', 'OLD town'],
    ['Žalia Kava', 'žalia kava'],
    ['Hauptstraße', 'HAUPTSTRASSE'],
    ['Café', 'Cafe\u0301'],
  ])('refuses %s a second time as %s', async (name, again) => {
    const partner = givenPartner();
    const existing = await given(catalog, partner).club({ name });

    const { status, body } = await catalog.send(partner, createClub, { body: { name: again } });

    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ALREADY_EXISTS', details: { field: 'name', existing_id: existing } });
  });

  it('lets two partners have clubs of one name', async () => {
    await given(catalog, givenPartner()).club({ name: 'Old Town' });

    await expect(given(catalog, givenPartner()).club({ name: 'Old Town' })).resolves.toBeDefined();
  });

  it('makes one club of ten parallel requests with one name', async () => {
    const partner = givenPartner();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => catalog.send(partner, createClub, { body: { name: 'Old Town' } })),
    );

    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer !== made[0])) {
      expect(status).toBe(409);
      expect(body.details).toEqual({ field: 'name', existing_id: made[0]!.body.data.id });
    }
  });

  it('lets three of ten parallel requests through when three clubs are allowed', async () => {
    const partner = givenPartner({ clubs_limit: 3 });

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => catalog.send(partner, createClub, { body: { name: newId() } })),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      code: 'LIMIT_REACHED',
      retry_strategy: 'contact_support',
      details: { limit_name: 'clubs_limit', limit: 3, current: 3 },
    });
  });

  it('makes nothing where no club is allowed', async () => {
    const { status, body } = await catalog.send(givenPartner({ clubs_limit: 0 }), createClub, { body: { name: 'A' } });

    expect([status, body.details]).toEqual([403, { limit_name: 'clubs_limit', limit: 0, current: 0 }]);
  });
});

describe('GET /partner/clubs', () => {
  it('lists the newest first, by pages, with the true total', async () => {
    const partner = givenPartner();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift(await given(catalog, partner).club({ name }));

    const first = await catalog.send(partner, listClubs, { query: { per_page: 2 } });
    const behind = await catalog.send(partner, listClubs, { query: { per_page: 2, page: 9 } });

    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(first.body.pagination).toEqual({ current_page: 1, per_page: 2, total: 3, last_page: 2 });
    expect(behind.body).toMatchObject({ data: [], pagination: { current_page: 9, total: 3 } });
  });

  it.each([
    [{ search: 'ŽALIA' }, ['Žalia Kava']],
    [{ search: '50%' }, ['50% Café']],
    [{ search: '_' }, []],
    [{ is_active: 'false' }, ['Closed']],
    [{ is_active: 'true', search: 'KAVA' }, ['Žalia Kava']],
  ])('finds by %j', async (query, names) => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    await make.club({ name: 'Žalia Kava' });
    await make.club({ name: '50% Café' });
    await make.club({ name: 'Closed', is_active: false });

    const { body } = await catalog.send(partner, listClubs, { query });

    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(body.pagination.total).toBe(names.length);
  });

  it("does not show another partner's clubs", async () => {
    await given(catalog, givenPartner()).club();

    const { body } = await catalog.send(givenPartner(), listClubs);

    expect(body.data).toEqual([]);
  });
});

describe('GET, PUT, DELETE /partner/clubs/{id}', () => {
  it.each([getClub, updateClub, deleteClub].map((endpoint) => [endpoint.id, endpoint] as const))(
    "%s: another partner's club is as absent as an unknown one",
    async (_, endpoint) => {
      const theirs = await given(catalog, givenPartner()).club();
      const partner = givenPartner();

      for (const id of [theirs, newId(), 'not-a-uuid']) {
        const { status, body } = await catalog.send(partner, endpoint, { params: { id } });

        expect(status).toBe(404);
        expect(body).toMatchObject({ code: 'CLUB_NOT_FOUND', details: { club_id: id } });
      }
    },
  );
});

describe('PUT /partner/clubs/{id}', () => {
  it('changes what is sent, keeps the rest, and announces the whole state', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club({ name: 'Old Town', description: 'First' });

    const { status, body, mark } = await catalog.send(partner, updateClub, {
      params: { id },
      body: { is_active: false },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({ id, name: 'Old Town', description: 'First', is_active: false });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ club_id: id, name: 'Old Town', is_active: false, is_deleted: false });
  });

  it('clears what is null, and refuses null where there must be a value', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club({ description: 'First' });

    const cleared = await catalog.send(partner, updateClub, { params: { id }, body: { description: null } });
    const refused = await catalog.send(partner, updateClub, { params: { id }, body: { name: null } });

    expect(cleared.body.data.description).toBeNull();
    expect([refused.status, refused.body.details.errors]).toEqual([422, { name: ['must not be null'] }]);
  });

  it('without fields is 200, changes nothing and announces nothing', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();
    const before = await catalog.send(partner, getClub, { params: { id } });

    const { status, body, mark } = await catalog.send(partner, updateClub, { params: { id }, body: {} });

    expect([status, body, mark]).toEqual([200, before.body, null]);
    const rows = await catalog.sql`select last from sequences where partner_id = ${partner.id}`;
    expect(rows).toEqual([{ last: 1 }]);
  });

  it('may write its own name in another case, but not take the name of another club', async () => {
    const partner = givenPartner();
    const [id, other] = [
      await given(catalog, partner).club({ name: 'one' }),
      await given(catalog, partner).club({ name: 'two' }),
    ];

    const own = await catalog.send(partner, updateClub, { params: { id }, body: { name: 'ONE' } });
    const taken = await catalog.send(partner, updateClub, { params: { id }, body: { name: 'TWO' } });

    expect([own.status, own.body.data.name]).toEqual([200, 'ONE']);
    expect([taken.status, taken.body.details]).toEqual([409, { field: 'name', existing_id: other }]);
  });

  it('lets one of two parallel renames to one name through', async () => {
    const partner = givenPartner();
    const ids = [await given(catalog, partner).club(), await given(catalog, partner).club()];

    const answers = await Promise.all(
      ids.map((id) => catalog.send(partner, updateClub, { params: { id }, body: { name: 'wanted' } })),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });
});

describe('DELETE /partner/clubs/{id}', () => {
  it('archives the club and frees its name; a second delete is 404, a repeat by key is not', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club({ name: 'Old Town' });

    const first = await catalog.send(partner, deleteClub, { params: { id }, key: 'delete-1' });
    const repeat = await catalog.send(partner, deleteClub, { params: { id }, key: 'delete-1' });
    const second = await catalog.send(partner, deleteClub, { params: { id } });

    expect([first.status, first.body.data]).toEqual([200, { id, deleted: true }]);
    expect([repeat.status, repeat.body, repeat.isReplayed]).toEqual([200, first.body, true]);
    expect([second.status, second.body.code]).toEqual([404, 'CLUB_NOT_FOUND']);
    const events = await catalog.events(partner, first.mark);
    expect(events.at(-1)!.data).toMatchObject({ club_id: id, name: 'Old Town', is_active: false, is_deleted: true });
    expect((await catalog.send(partner, listClubs)).body.data).toEqual([]);
    await expect(given(catalog, partner).club({ name: 'old town' })).resolves.toBeDefined();
  });

  it('is refused while a card belongs to it', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();
    await given(catalog, partner).card({ club_id: id });

    const { status, body } = await catalog.send(partner, deleteClub, { params: { id } });

    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'in_use', blocking: { cards: 1, stamp_cards: 0, vouchers: 0, staff: 0 } },
    });
  });

  it('is refused while staff or vouchers belong to it, with the counts of all', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();
    await given(catalog, partner).card({ club_id: id });
    catalog.owners.staff.inUse.set(id, 3);
    catalog.owners.vouchers.inUse.set(id, 2);

    const { status, body } = await catalog.send(partner, deleteClub, { params: { id } });

    expect([status, body.code, body.retry_strategy]).toEqual([409, 'CONFLICT', 'no_retry']);
    expect(body.details).toEqual({
      reason: 'in_use',
      blocking: { cards: 1, stamp_cards: 0, vouchers: 2, staff: 3 },
    });
  });

  it('is refused while vouchers of other clubs target a tier of its ladder, which would go with it', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.club();
    const [wanted, free] = [
      await make.tier({ club_id: id, name: 'bronze', points_threshold: 0 }),
      await make.tier({ club_id: id, name: 'gold', points_threshold: 100 }),
    ];
    const { vouchers } = catalog.owners;
    vouchers.inUse.set(wanted, 2);

    const refused = await catalog.send(partner, deleteClub, { params: { id } });

    expect([refused.status, refused.body.details]).toEqual([
      409,
      { reason: 'in_use', blocking: { cards: 0, stamp_cards: 0, vouchers: 2, staff: 0 } },
    ]);
    expect([vouchers.asked.has(free), vouchers.held.has(free), vouchers.held.has(id)]).toEqual([true, false, false]);
    vouchers.inUse.delete(wanted);
    expect((await catalog.send(partner, deleteClub, { params: { id } })).status).toBe(200);
    expect([vouchers.deleted.has(wanted), vouchers.deleted.has(free)]).toEqual([true, true]);
  });

  it('keeps others from putting something in it, until they are told what became of it', async () => {
    const partner = givenPartner();
    const [gone, stays] = [await given(catalog, partner).club(), await given(catalog, partner).club()];
    const { staff, vouchers } = catalog.owners;
    staff.inUse.set(stays, 1);

    await catalog.send(partner, deleteClub, { params: { id: gone } });
    await catalog.send(partner, deleteClub, { params: { id: stays } });

    expect([staff.deleted.has(gone), vouchers.deleted.has(gone)]).toEqual([true, true]);
    expect([staff.deleted.has(stays), vouchers.deleted.has(stays)]).toEqual([false, false]);
    expect([vouchers.asked.has(stays), vouchers.held.has(stays)]).toEqual([true, false]);
  });

  it('is 503 while nobody can say what belongs to it; then it and all others are as before', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();
    const { staff, vouchers } = catalog.owners;
    staff.isAway = true;

    const refused = await catalog.send(partner, deleteClub, { params: { id }, key: 'delete' });
    staff.isAway = false;

    expect([refused.status, refused.body.code, refused.body.details]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      { service: 'staff' },
    ]);
    expect([vouchers.asked.has(id), vouchers.held.has(id)]).toEqual([true, false]);
    expect((await catalog.send(partner, deleteClub, { params: { id }, key: 'delete' })).status).toBe(200);
  });

  it('asks nobody about a club that is not there, or for a key that was used before', async () => {
    const partner = givenPartner();
    const [id, other] = [await given(catalog, partner).club(), await given(catalog, partner).club()];
    await catalog.send(partner, deleteClub, { params: { id }, key: 'delete' });
    const { asked } = catalog.owners.staff;
    asked.clear();

    const replay = await catalog.send(partner, deleteClub, { params: { id }, key: 'delete' });
    const reused = await catalog.send(partner, deleteClub, { params: { id: other }, key: 'delete' });
    const missing = await catalog.send(partner, deleteClub, { params: { id } });

    expect([replay.status, reused.status, missing.status]).toEqual([200, 422, 404]);
    expect(asked.size).toBe(0);
  });

  it('lets one of a delete and a new card of the club through when they meet', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();

    const [removed, card] = await Promise.all([
      catalog.send(partner, deleteClub, { params: { id } }),
      catalog.send(partner, createCard, { body: coffeeCard(id) }),
    ]);

    expect([
      [200, 404],
      [409, 201],
    ]).toContainEqual([removed.status, card.status]);
  });

  it('takes its ladder with it', async () => {
    const partner = givenPartner();
    const id = await given(catalog, partner).club();
    const tier = await catalog.send(partner, createTier, { body: { club_id: id, name: 'gold', points_threshold: 0 } });

    const { mark } = await catalog.send(partner, deleteClub, { params: { id } });

    const events = await catalog.events(partner, mark);
    expect(events.slice(-2).map(({ type, data }) => [type, data])).toEqual([
      ['catalog.tier_changed.v1', expect.objectContaining({ tier_id: tier.body.data.id, is_deleted: true })],
      ['catalog.club_changed.v1', expect.objectContaining({ club_id: id, is_deleted: true })],
    ]);
  });
});

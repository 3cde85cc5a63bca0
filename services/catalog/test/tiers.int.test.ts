import { createTier, deleteTier, getTier, listTiers, newId, updateTier } from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());

/** Bronze at 0, the default; silver at 1,000; gold at 5,000. */
async function givenLadder(partner = givenPartner()) {
  const make = given(catalog, partner);
  const bronze = await make.tier({ name: 'bronze', points_threshold: 0 });
  const silver = await make.tier({ name: 'silver', points_threshold: 1_000 });
  const gold = await make.tier({ name: 'gold', points_threshold: 5_000 });
  return { partner, bronze, silver, gold };
}

describe('POST /partner/tiers', () => {
  it('makes a tier with the defaults of the contract, and announces it in basis points', async () => {
    const partner = givenPartner();

    const { status, body, mark } = await catalog.send(partner, createTier, {
      body: { name: 'gold', points_threshold: 5_000, points_multiplier: 1.15, redemption_discount: 12.5 },
    });

    expect(status).toBe(201);
    expect(body.data).toEqual({
      id: expect.any(String),
      club_id: null,
      name: 'gold',
      display_name: 'gold',
      description: null,
      level: 0,
      points_threshold: 5_000,
      points_multiplier: 1.15,
      redemption_discount: 12.5,
      icon: null,
      color: null,
      is_default: true,
      is_active: true,
      members_count: 0,
      created_at: expect.any(String),
      updated_at: body.data.created_at,
    });
    expect((await catalog.events(partner, mark)).at(-1)).toMatchObject({
      type: 'catalog.tier_changed.v1',
      data: {
        tier_id: body.data.id,
        club_id: null,
        name: 'gold',
        level: 0,
        points_threshold: 5_000,
        multiplier_bp: 11_500,
        redemption_discount_bp: 1_250,
        is_default: true,
        is_active: true,
        is_deleted: false,
      },
    });
  });

  it('gives each new tier the level above the highest, and only the first is the default', async () => {
    const { partner, bronze, silver, gold } = await givenLadder();

    const { body } = await catalog.send(partner, listTiers);

    expect(body.data).toMatchObject([
      { id: bronze, level: 0, is_default: true },
      { id: silver, level: 1, is_default: false },
      { id: gold, level: 2, is_default: false },
    ]);
  });

  it.each([
    ['name', { name: 'GOLD', points_threshold: 9_000 }],
    ['level', { name: 'platinum', points_threshold: 9_000, level: 2 }],
    ['points_threshold', { name: 'platinum', points_threshold: 5_000 }],
  ])('refuses a %s that the ladder has', async (field, body) => {
    const { partner, gold } = await givenLadder();

    const refused = await catalog.send(partner, createTier, { body });

    expect([refused.status, refused.body.code, refused.body.details]).toEqual([
      ...[409, 'ALREADY_EXISTS'],
      { field, existing_id: gold },
    ]);
  });

  it('refuses a threshold that does not rise with the levels', async () => {
    const { partner } = await givenLadder();

    const low = await catalog.send(partner, createTier, { body: { name: 'platinum', points_threshold: 3_000 } });

    expect([low.status, low.body.details.errors]).toEqual([
      422,
      { points_threshold: ['must be more than 5000, that of level 2'] },
    ]);
  });

  it('makes one tier of parallel requests for one place', async () => {
    const partner = givenPartner();
    const body = { name: 'gold', points_threshold: 5_000 };

    const answers = await Promise.all(Array.from({ length: 6 }, () => catalog.send(partner, createTier, { body })));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('lets each club have a ladder of its own', async () => {
    const { partner } = await givenLadder();
    const club = await given(catalog, partner).club();

    const { status, body } = await catalog.send(partner, createTier, {
      body: { club_id: club, name: 'gold', points_threshold: 5_000, is_default: false },
    });

    expect([status, body.data.level, body.data.is_default]).toEqual([201, 0, true]);
  });

  it('refuses a club that this partner does not have', async () => {
    const club_id = await given(catalog, givenPartner()).club();

    const { status, body } = await catalog.send(givenPartner(), createTier, {
      body: { club_id, name: 'gold', points_threshold: 0 },
    });

    expect([status, body.code, body.details]).toEqual([404, 'CLUB_NOT_FOUND', { club_id }]);
  });

  it('hands the default over to a new tier that claims it, and announces both', async () => {
    const { partner, bronze } = await givenLadder();

    const { body, mark } = await catalog.send(partner, createTier, {
      body: { name: 'platinum', points_threshold: 9_000, is_default: true },
    });

    const events = await catalog.events(partner, mark);
    expect(events.slice(-2).map(({ data }) => data)).toMatchObject([
      { tier_id: body.data.id, is_default: true },
      { tier_id: bronze, is_default: false },
    ]);
  });

  it('refuses a first tier that is switched off', async () => {
    const { status, body } = await catalog.send(givenPartner(), createTier, {
      body: { name: 'gold', points_threshold: 0, is_active: false },
    });

    expect([status, body.code, body.details]).toEqual([409, 'CONFLICT', { reason: 'default_tier' }]);
  });

  it('answers a repeat with its key from the record', async () => {
    const partner = givenPartner();
    const sending = { body: { name: 'gold', points_threshold: 5_000 }, key: 'tier-1' };
    const first = await catalog.send(partner, createTier, sending);

    const repeat = await catalog.send(partner, createTier, sending);

    expect([repeat.status, repeat.isReplayed, repeat.body]).toEqual([201, true, first.body]);
  });
});

describe('GET /partner/tiers', () => {
  it('lists by ladder and level, the partner-wide ladder first, and one ladder alone', async () => {
    const { partner, bronze, silver, gold } = await givenLadder();
    const make = given(catalog, partner);
    const club_id = await make.club();
    const high = await make.tier({ club_id, name: 'high', level: 9, points_threshold: 10 });
    const low = await make.tier({ club_id, name: 'low', level: 3, points_threshold: 5 });
    const found = async (query: Record<string, string>) => {
      const { body } = await catalog.send(partner, listTiers, { query });
      return body.data.map(({ id }: { id: string }) => id);
    };

    expect(await found({})).toEqual([bronze, silver, gold, low, high]);
    expect(await found({ club_id: 'none' })).toEqual([bronze, silver, gold]);
    expect(await found({ club_id })).toEqual([low, high]);
    expect(await found({ per_page: '2', page: '2' })).toEqual([gold, low]);
  });
});

describe('GET, PUT, DELETE /partner/tiers/{id}', () => {
  it.each([getTier, updateTier, deleteTier].map((endpoint) => [endpoint.id, endpoint] as const))(
    "%s: another partner's tier is as absent as an unknown one",
    async (_, endpoint) => {
      const { gold } = await givenLadder();

      for (const id of [gold, newId()]) {
        const { status, body } = await catalog.send(givenPartner(), endpoint, { params: { id } });

        expect([status, body.code, body.details]).toEqual([404, 'NOT_FOUND', { resource: 'tier', id }]);
      }
    },
  );
});

describe('PUT /partner/tiers/{id}', () => {
  it('changes what is sent, keeps the rest, and announces the whole state', async () => {
    const { partner, gold } = await givenLadder();

    const { status, body, mark } = await catalog.send(partner, updateTier, {
      params: { id: gold },
      body: { points_threshold: 4_000, points_multiplier: 2, display_name: { en_US: 'Gold', lt_LT: 'Auksas' } },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ...{ name: 'gold', level: 2, points_threshold: 4_000, points_multiplier: 2, display_name: 'Gold' },
      translations: { display_name: { en_US: 'Gold', lt_LT: 'Auksas' } },
    });
    const events = await catalog.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({ tier_id: gold, points_threshold: 4_000, multiplier_bp: 20_000 });
  });

  it('without fields, or with its own ladder alone, is 200 and announces nothing', async () => {
    const { partner, gold } = await givenLadder();
    const before = await catalog.send(partner, getTier, { params: { id: gold } });

    for (const body of [{}, { club_id: null }]) {
      const answered = await catalog.send(partner, updateTier, { params: { id: gold }, body });

      expect([answered.status, answered.body, answered.mark]).toEqual([200, before.body, null]);
    }
  });

  it('refuses another ladder', async () => {
    const { partner, gold } = await givenLadder();
    const club_id = await given(catalog, partner).club();

    const { status, body } = await catalog.send(partner, updateTier, { params: { id: gold }, body: { club_id } });

    expect([status, body.details.errors]).toEqual([422, { club_id: ['cannot change'] }]);
  });

  it('refuses the place of another tier, and thresholds that do not rise', async () => {
    const { partner, silver, gold } = await givenLadder();
    const put = (body: object) => catalog.send(partner, updateTier, { params: { id: silver }, body });

    const name = await put({ name: 'Gold' });
    const level = await put({ level: 2 });
    const above = await put({ level: 3 });
    const both = await put({ level: 3, points_threshold: 6_000 });

    expect([name.status, name.body.details]).toEqual([409, { field: 'name', existing_id: gold }]);
    expect([level.status, level.body.details]).toEqual([409, { field: 'level', existing_id: gold }]);
    expect([above.status, Object.keys(above.body.details.errors)]).toEqual([422, ['points_threshold']]);
    expect([both.status, both.body.data.level]).toEqual([200, 3]);
  });

  it('moves the default, and never leaves a ladder without one', async () => {
    const { partner, bronze, silver } = await givenLadder();
    const put = (id: string, body: object) => catalog.send(partner, updateTier, { params: { id }, body });

    const given_up = await put(bronze, { is_default: false });
    const off = await put(bronze, { is_active: false });
    const claimedOff = await put(silver, { is_default: true, is_active: false });
    const moved = await put(silver, { is_default: true });
    const nowOff = await put(bronze, { is_active: false });

    for (const refused of [given_up, off, claimedOff]) {
      expect([refused.status, refused.body.code, refused.body.details]).toEqual([
        ...[409, 'CONFLICT'],
        { reason: 'default_tier' },
      ]);
    }
    expect([moved.status, moved.body.data.is_default, nowOff.status]).toEqual([200, true, 200]);
    const { body } = await catalog.send(partner, listTiers);
    expect(body.data.map((tier: { is_default: boolean }) => tier.is_default)).toEqual([false, true, false]);
  });

  it('leaves one default when two tiers claim it at once', async () => {
    const { partner, silver, gold } = await givenLadder();

    const answers = await Promise.all(
      [silver, gold].map((id) => catalog.send(partner, updateTier, { params: { id }, body: { is_default: true } })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await catalog.send(partner, listTiers);
    expect(body.data.filter((tier: { is_default: boolean }) => tier.is_default)).toHaveLength(1);
  });
});

describe('DELETE /partner/tiers/{id}', () => {
  it('deletes and announces the end; the default goes last', async () => {
    const { partner, bronze, silver, gold } = await givenLadder();
    const remove = (id: string) => catalog.send(partner, deleteTier, { params: { id } });

    const refused = await remove(bronze);
    const [first, second, again] = [await remove(gold), await remove(silver), await remove(gold)];
    const last = await remove(bronze);

    expect([refused.status, refused.body.details]).toEqual([409, { reason: 'default_tier' }]);
    expect([first.status, first.body.data, second.status]).toEqual([200, { id: gold, deleted: true }, 200]);
    expect([again.status, again.body.code, last.status]).toEqual([404, 'NOT_FOUND', 200]);
    expect((await catalog.events(partner, last.mark)).at(-1)!.data).toMatchObject({
      tier_id: bronze,
      is_deleted: true,
    });
  });

  it('is refused while a voucher targets it; vouchers are told of one that goes and of one that stays', async () => {
    const { partner, bronze, silver, gold } = await givenLadder();
    const { vouchers } = catalog.owners;
    vouchers.inUse.set(gold, 3);
    const remove = (id: string) => catalog.send(partner, deleteTier, { params: { id } });

    const answers = [await remove(gold), await remove(bronze), await remove(silver)];

    expect(answers.map(({ status, body }) => [status, body.details])).toEqual([
      [409, { reason: 'in_use', blocking: { vouchers: 3 } }],
      [409, { reason: 'default_tier' }],
      [200, undefined],
    ]);
    expect([gold, bronze, silver].map((id) => vouchers.held.has(id))).toEqual([false, false, false]);
    expect([gold, bronze, silver].map((id) => vouchers.deleted.has(id))).toEqual([false, false, true]);
  });

  it('is 503 while vouchers cannot say, and asks it of no tier that is not there nor for a key that was used', async () => {
    const { partner, gold } = await givenLadder();
    const { vouchers } = catalog.owners;
    const remove = (id: string) => catalog.send(partner, deleteTier, { params: { id }, key: 'delete' });
    vouchers.isAway = true;
    const refused = await remove(gold);
    vouchers.isAway = false;
    expect([refused.status, refused.body.details]).toEqual([503, { service: 'vouchers' }]);
    expect((await remove(gold)).status).toBe(200);

    vouchers.isAway = true;
    const unknown = newId();
    const answers = [await remove(gold), await catalog.send(partner, deleteTier, { params: { id: unknown } })];
    vouchers.isAway = false;

    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect(vouchers.asked.has(unknown)).toBe(false);
  });
});

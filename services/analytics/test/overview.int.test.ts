import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, overview } from '@punchcard/contracts';
import { officeCaller, waitFor, type Published } from '@punchcard/testing';
import { startAnalytics, type Shop } from './given.ts';

let analytics: Awaited<ReturnType<typeof startAnalytics>>;

beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics?.stop());

const MARCH = { start_date: '2026-03-01', end_date: '2026-03-31' };

async function ask({ partner }: Shop, query: Record<string, string> = MARCH, shopIds: string[] | null = null) {
  const { status, body } = await analytics.send(officeCaller(partner, ['analytics:read'], shopIds), overview, {
    query,
  });
  return { status, body, data: body.data };
}

/** Sends facts and waits until so many are counted. */
async function count(shop: Shop, facts: readonly Published[], total = facts.length) {
  await shop.publish(facts);
  await waitFor(`${total} facts`, async () => {
    const [found] = await analytics.sql`select count(*) as n from facts where partner_id = ${shop.partner.id}`;
    return found?.['n'] === total;
  });
}

/** The figures whose value depends on the order in which a careless consumer would see the facts. */
const figures = async (shop: Shop) => {
  const { data } = await ask(shop);
  const { period: _period, as_of: _asOf, lag_seconds: _lag, previous: _previous, ...rest } = data;
  return rest;
};

describe('GET /analytics/overview', () => {
  it('is all zeros and nulls of nothing, and says how fresh it is', async () => {
    const shop = await analytics.givenShop();

    const { status, data, body } = await ask(shop, {});

    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, request_id: expect.any(String) });
    expect(data).toMatchObject({
      ...{ total_customers: 0, active_loyalty_cards: 0, total_points_issued: 0, total_points_redeemed: 0 },
      revenue_impact: { total_attributed: 0, avg_order_increase: null, customer_retention_rate: null },
      top_performing_shops: [],
      lag_seconds: expect.any(Number),
      as_of: expect.stringMatching(/Z$/),
    });
  });

  it('counts purchases, redemptions and expiry in the days of the partner', async () => {
    const shop = await analytics.givenShop();
    const [ann, bea] = [newId(), newId()];
    await count(shop, [
      shop.bought(ann, '2026-02-28T21:59:59Z', 1_000),
      // 22:00 UTC is the first of March in Vilnius.
      shop.bought(ann, '2026-02-28T22:00:00Z', 2_450),
      shop.bought(bea, '2026-03-31T20:59:59Z', 1_000),
      shop.bought(bea, '2026-03-31T21:00:00Z', 5_000),
      shop.redeemed(ann, '2026-03-10T10:00:00Z', 200),
      shop.expired(ann, '2026-03-20T10:00:00Z', 30),
    ]);

    const { data } = await ask(shop);

    expect(data).toMatchObject({
      total_points_issued: 345,
      total_points_redeemed: 200,
      active_loyalty_cards: 2,
      period: { start: '2026-03-01', end: '2026-03-31' },
      top_performing_shops: [
        {
          ...{ shop_id: shop.clubId, shop_name: shop.clubName, revenue: 34.5, transactions: 2 },
          ...{ active_customers: 2, revenue_per_customer: 17.25 },
        },
      ],
      previous: { total_points_issued: 100 },
      // Of the one who bought in February, one bought again.
      revenue_impact: { customer_retention_rate: 100 },
    });
  });

  it('counts points that were awarded as issued, and what members claim as redeemed, neither as a purchase', async () => {
    const shop = await analytics.givenShop();
    const [ann, bea] = [newId(), newId()];
    await count(shop, [
      shop.awarded(ann, '2026-03-09T10:00:00Z', 300),
      shop.claimed(ann, '2026-03-10T10:00:00Z', 200),
      shop.bought(ann, '2026-03-11T10:00:00Z', 1_000),
      shop.awarded(bea, '2026-03-12T10:00:00Z', 50),
    ]);

    const { data } = await ask(shop);

    expect(data).toMatchObject({
      ...{ total_points_issued: 450, total_points_redeemed: 200 },
      top_performing_shops: [{ revenue: 10, transactions: 1, active_customers: 1 }],
      revenue_impact: { total_attributed: 10 },
    });
  });

  it('attributes what was bought on the day of a redemption and in the 30 days after it', async () => {
    const shop = await analytics.givenShop();
    const ann = newId();
    await count(shop, [
      shop.bought(ann, '2026-02-27T10:00:00Z', 100),
      shop.bought(ann, '2026-02-28T08:00:00Z', 1_000),
      shop.redeemed(ann, '2026-02-28T10:00:00Z', 50),
      shop.bought(ann, '2026-03-30T10:00:00Z', 2_000),
      shop.bought(ann, '2026-03-31T10:00:00Z', 4_000),
    ]);

    expect((await ask(shop)).data.revenue_impact.total_attributed).toBe(20);
    expect(
      (await ask(shop, { start_date: '2026-02-01', end_date: '2026-02-28' })).data.revenue_impact.total_attributed,
    ).toBe(10);
  });

  it('has the same figures whatever the order of the facts', async () => {
    const ann = newId();
    const story = (shop: Shop) => [
      ...Array.from({ length: 30 }, (_, n) =>
        shop.bought(ann, `2026-03-05T10:00:${String(n).padStart(2, '0')}Z`, 1_000),
      ),
      shop.redeemed(ann, '2026-03-06T10:00:00Z', 100),
      ...Array.from({ length: 30 }, (_, n) =>
        shop.bought(ann, `2026-03-07T10:00:${String(n).padStart(2, '0')}Z`, 1_500),
      ),
      shop.redeemed(ann, '2026-03-08T10:00:00Z', 100),
      shop.expired(ann, '2026-03-09T10:00:00Z', 10),
    ];
    const [forwards, backwards] = [await analytics.givenShop(), await analytics.givenShop()];
    await count(forwards, story(forwards));
    await count(backwards, story(backwards).reverse());

    const [first, second] = [await figures(forwards), await figures(backwards)];

    expect(first).toMatchObject({
      total_points_issued: 7_500,
      total_points_redeemed: 200,
      revenue_impact: { total_attributed: 450, avg_order_increase: 50 },
    });
    expect(second).toEqual({
      ...first,
      top_performing_shops: [
        { ...first.top_performing_shops[0], shop_id: backwards.clubId, shop_name: backwards.clubName },
      ],
    });
  });

  it('counts a fact once, however often it comes', async () => {
    const shop = await analytics.givenShop();
    const ann = newId();
    const fact = { ...shop.bought(ann, '2026-03-05T10:00:00Z', 1_000), id: newId() };
    // Of the same member, so that it comes after the repeats.
    const last = shop.bought(ann, '2026-03-06T10:00:00Z', 1_000);
    await count(shop, [fact, fact, { ...fact, id: newId() }, last], 2);

    expect((await ask(shop)).data.total_points_issued).toBe(200);
  });

  it('shows lifetime totals without a period, and money of other currencies apart', async () => {
    const shop = await analytics.givenShop();
    const ann = newId();
    await count(shop, [
      shop.bought(ann, '2024-01-05T10:00:00Z', 1_000),
      shop.bought(ann, '2026-03-05T10:00:00Z', 1_000),
      shop.bought(ann, '2026-03-05T10:00:01Z', 500, { currency: 'JPY' }),
    ]);

    expect((await ask(shop, {})).data.total_points_issued).toBe(250);
    expect((await ask(shop)).data).toMatchObject({
      total_points_issued: 150,
      top_performing_shops: [{ revenue: 10 }],
      other_currencies: [{ currency: 'JPY', revenue: 500 }],
    });
  });

  it.each(['all shops', 'one'])(
    'of %s without a period sets lifetime totals beside those up to the period before',
    async (which) => {
      const shop = await analytics.givenShop();
      const ann = newId();
      const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
      await count(shop, [
        shop.bought(ann, daysAgo(400), 1_000),
        shop.bought(ann, daysAgo(40), 2_000),
        shop.redeemed(ann, daysAgo(39), 30),
        shop.bought(ann, daysAgo(5), 3_000),
        shop.bought(ann, daysAgo(5), 500, { currency: 'JPY' }),
        shop.redeemed(ann, daysAgo(4), 200),
      ]);

      expect((await ask(shop, which === 'one' ? { shops: shop.clubId } : {})).data).toMatchObject({
        ...{ total_points_issued: 650, total_points_redeemed: 230 },
        previous: { total_points_issued: 300, total_points_redeemed: 30 },
      });
    },
  );

  it('counts customers registered up to the end, not anonymised by then', async () => {
    const shop = await analytics.givenShop();
    const [ann, bea, cid] = [newId(), newId(), newId()];
    const gone = (n: number, time: string) => {
      const event = shop.member(bea, n, '2026-03-01T10:00:00Z');
      const data = { ...(event.data as object), state: 'anonymised', identifiers: [] };
      return { ...event, time: new Date(time), data };
    };
    await shop.publish([
      shop.member(ann, 1, '2026-02-01T10:00:00Z'),
      shop.member(bea, 2, '2026-03-01T10:00:00Z'),
      gone(3, '2026-04-02T10:00:00Z'),
      // A later event about the same does not move the day.
      gone(4, '2026-05-02T10:00:00Z'),
      shop.member(cid, 5, '2026-04-01T10:00:00Z'),
    ]);
    const totalOf = async (query: Record<string, string>) => (await ask(shop, query)).data.total_customers as number;

    await waitFor(
      'all of them',
      async () => (await totalOf({ start_date: '2026-03-01', end_date: '2026-04-01' })) === 3,
    );
    expect(await totalOf(MARCH)).toBe(2);
    expect(await totalOf({ start_date: '2026-04-01', end_date: '2026-04-30' })).toBe(2);
    expect(await totalOf({ start_date: '2026-02-01', end_date: '2026-02-28' })).toBe(1);
  });

  it('is about the shops that are asked for, and no others of the caller', async () => {
    const shop = await analytics.givenShop();
    await count(shop, [shop.bought(newId(), '2026-03-05T10:00:00Z', 1_000)]);
    const other = newId();

    expect((await ask(shop, { ...MARCH, shops: shop.clubId })).data.total_points_issued).toBe(100);
    expect(await ask(shop, { ...MARCH, shops: `${shop.clubId},${other}` })).toMatchObject({
      status: 404,
      body: { success: false, error: { code: 'SHOP_NOT_FOUND', shop_id: other, accessible_shops: [shop.clubId] } },
    });
    expect((await ask(shop, MARCH, [])).data.total_points_issued).toBe(0);
    expect((await ask(shop, { ...MARCH, shops: shop.clubId }, [other])).status).toBe(404);
  });

  it('is about the shop of X-Shop-ID', async () => {
    const [shop, stranger] = [await analytics.givenShop(), await analytics.givenShop()];
    await count(shop, [shop.bought(newId(), '2026-03-05T10:00:00Z', 1_000)]);
    const at = (shopId: string, query = {}) =>
      analytics.send(officeCaller(shop.partner, ['analytics:read']), overview, {
        query: { ...MARCH, ...query },
        shop: shopId,
      });

    expect((await at(shop.clubId.toUpperCase())).body.data.total_points_issued).toBe(100);
    expect((await at(stranger.clubId)).body.error).toMatchObject({ code: 'SHOP_NOT_FOUND', shop_id: stranger.clubId });
    for (const refused of [await at('x'), await at(shop.clubId, { shops: stranger.clubId })]) {
      expect(refused).toMatchObject({
        status: 422,
        body: { error: { errors: { 'X-Shop-ID': [expect.any(String)] } } },
      });
    }
  });

  it.each([
    ['an end alone', { end_date: '2026-03-31' }, 'end_date'],
    ['a start after the end', { start_date: '2026-04-01', end_date: '2026-03-31' }, 'start_date'],
    ['two kinds of period', { period: 'week', date_range: '30d' }, 'period'],
    ['a range of nothing', { date_range: '0d' }, 'date_range'],
    ['more than 1,096 days', { start_date: '2020-01-01', end_date: '2026-01-01' }, 'start_date'],
  ])('refuses %s', async (_name, query, field) => {
    const { status, body } = await ask(await analytics.givenShop(), query as Record<string, string>);

    expect([status, Object.keys(body.error.errors)]).toEqual([422, [field]]);
  });
});

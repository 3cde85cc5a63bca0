import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, partnerChanged, platformOverview } from '@punchcard/contracts';
import { adminCaller, waitFor, type Published } from '@punchcard/testing';
import { startAnalytics, type Shop } from './given.ts';

let analytics: Awaited<ReturnType<typeof startAnalytics>>;

beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics?.stop());

const MARCH = { from: '2026-03-01', to: '2026-03-31' };

const ask = async (query: Record<string, string>) => {
  const { status, body } = await analytics.send(adminCaller(['read']), platformOverview, { query });
  return { status, body, data: body.data };
};

/** The figures, without how fresh they are. */
const figures = async (query: Record<string, string>) => {
  const { as_of: _asOf, lag_seconds: _lag, ...rest } = (await ask(query)).data;
  return rest;
};

interface About {
  networkId: string;
  tier?: string;
  createdAt?: string;
  isDeleted?: boolean;
  sequence?: number;
}

const partnerEvent = ({ partner: { id } }: Shop, about: About): Published => ({
  event: partnerChanged,
  key: id,
  sequence: about.sequence ?? 100,
  data: {
    ...partnerChanged.example,
    ...{ partner_id: id, network_id: about.networkId, tier: about.tier ?? 'standard' },
    ...{ is_deleted: about.isDeleted ?? false, created_at: about.createdAt ?? '2025-01-01T00:00:00.000Z' },
  },
});

/** A partner in a network. */
async function givenShop(about: About): Promise<Shop> {
  const shop = await analytics.givenShop({ time_zone: 'Europe/Vilnius' });
  await shop.publish([partnerEvent(shop, about)]);
  await waitFor('the partner in its network', async () => {
    const { id } = shop.partner;
    const rows = await analytics.sql`
      select 1 from partners where partner_id = ${id} and network_id = ${about.networkId}
    `;
    return rows.length === 1;
  });
  return shop;
}

const countOf = async (partnerId: string) => {
  const [found] = await analytics.sql`select count(*) as n from facts where partner_id = ${partnerId}`;
  return found?.['n'] as number;
};

/** Sends facts and waits until they are counted. */
async function count(shop: Shop, facts: readonly Published[]) {
  const before = await countOf(shop.partner.id);
  await shop.publish(facts);
  await waitFor('the facts', async () => (await countOf(shop.partner.id)) === before + facts.length);
}

describe('GET /admin/analytics/overview', () => {
  it('is all zeros of nothing, with every plan, and says how fresh it is', async () => {
    const { status, data } = await ask({ network_id: newId() });

    expect(status).toBe(200);
    expect(data).toEqual({
      partners: { total: 0, active: 0, new: 0 },
      members: { total: 0, active: 0, new: 0 },
      ...{ transactions: 0, points_issued: 0, points_redeemed: 0, points_expired: 0, revenue: [] },
      by_tier: [
        { tier: 'standard', partners: 0, transactions: 0 },
        { tier: 'professional', partners: 0, transactions: 0 },
        { tier: 'enterprise', partners: 0, transactions: 0 },
      ],
      as_of: expect.stringMatching(/Z$/),
      lag_seconds: expect.any(Number),
    });
  });

  it('adds up partners, members, points and revenue in UTC days', async () => {
    const networkId = newId();
    const one = await givenShop({ networkId, tier: 'enterprise' });
    const two = await givenShop({ networkId, createdAt: '2026-03-31T23:59:59.000Z' });
    await givenShop({ networkId, createdAt: '2026-04-01T00:00:00.000Z' });
    const [ann, bea, cid] = [newId(), newId(), newId()];
    await one.publish([one.member(ann, 101, '2026-02-28T23:59:59Z'), one.member(bea, 102, '2026-03-01T00:00:00Z')]);
    await two.publish([two.member(cid, 101, '2026-03-31T23:59:59Z')]);

    await count(one, [
      // The first of March in Vilnius, not yet in UTC.
      one.bought(ann, '2026-02-28T22:00:00Z', 1_000),
      one.bought(ann, '2026-03-01T00:00:00Z', 2_000),
      one.bought(ann, '2026-03-31T23:59:59Z', 1_000),
      one.redeemed(ann, '2026-03-10T10:00:00Z', 150),
      one.expired(bea, '2026-03-20T10:00:00Z', 30),
    ]);
    await count(two, [
      two.bought(cid, '2026-03-15T10:00:00Z', 500, { currency: 'JPY' }),
      two.bought(cid, '2026-04-01T00:00:00Z', 500),
    ]);
    await waitFor('the members', async () => (await ask({ network_id: networkId })).data.members.total === 3);

    expect(await figures({ ...MARCH, network_id: networkId })).toEqual({
      partners: { total: 3, active: 2, new: 1 },
      members: { total: 3, active: 2, new: 2 },
      ...{ transactions: 3, points_issued: 350, points_redeemed: 150, points_expired: 30 },
      revenue: [
        { currency: 'EUR', amount: 30 },
        { currency: 'JPY', amount: 500 },
      ],
      by_tier: [
        { tier: 'standard', partners: 2, transactions: 1 },
        { tier: 'professional', partners: 0, transactions: 0 },
        { tier: 'enterprise', partners: 1, transactions: 2 },
      ],
    });
    expect((await figures({ from: '2026-02-28', to: '2026-02-28', network_id: networkId })).members.active).toBe(1);
    expect((await figures({ from: '2026-03-02', to: '2026-03-09', network_id: networkId })).members.active).toBe(0);
  });

  it('is about the whole platform without a network', async () => {
    const before = await figures(MARCH);
    const shop = await givenShop({ networkId: newId(), tier: 'professional' });
    await count(shop, [shop.bought(newId(), '2026-03-05T10:00:00Z', 1_000)]);

    const after = await figures(MARCH);

    expect(after.partners).toMatchObject({ total: before.partners.total + 1, active: before.partners.active + 1 });
    expect([after.members.active, after.transactions]).toEqual([before.members.active + 1, before.transactions + 1]);
  });

  it('has the same figures whatever the order of the facts, each counted once however often it comes', async () => {
    const members = Array.from({ length: 5 }, () => newId());
    const days = [3, 9, 14, 14, 15, 21, 28];
    const story = (shop: Shop) =>
      members.flatMap((member, m) =>
        days.flatMap((day, n) => {
          const at = `2026-03-${String(day).padStart(2, '0')}T10:0${n}:00Z`;
          return (n + m) % 3 === 0 ? [shop.redeemed(member, at, 10)] : [shop.bought(member, at, 1_000)];
        }),
      );
    const networks = [newId(), newId()];
    const forwards = await givenShop({ networkId: networks[0]! });
    const shuffled = await givenShop({ networkId: networks[1]! });
    await count(forwards, story(forwards));
    const facts = story(shuffled);
    for (let step = 0; step < 5; step += 1)
      await count(
        shuffled,
        facts.filter((_, n) => (n * 3) % 5 === step),
      );
    await shuffled.publish(facts.map((fact) => ({ ...fact, id: newId() })));
    const late = shuffled.bought(members[0]!, '2026-03-29T10:00:00Z', 0);
    await count(shuffled, [late]);

    for (const range of [MARCH, { from: '2026-03-10', to: '2026-03-14' }, { from: '2026-03-16', to: '2026-03-20' }]) {
      const [first, second] = await Promise.all(networks.map((id) => figures({ ...range, network_id: id })));
      const extra = range === MARCH ? 1 : 0;
      expect({ ...second, transactions: second.transactions - extra, by_tier: first.by_tier }).toEqual(first);
      expect(first.members.active).toBe(range.from === '2026-03-16' ? 0 : 5);
    }
  });

  it('keeps what was, of a partner that is gone, and follows a change of plan and network', async () => {
    const [networkId, other] = [newId(), newId()];
    const gone = await givenShop({ networkId });
    const moved = await givenShop({ networkId, createdAt: '2026-03-05T00:00:00.000Z' });
    const ann = newId();
    await gone.publish([gone.member(ann, 101, '2026-03-02T10:00:00Z')]);
    await waitFor('the member', async () => (await ask({ network_id: networkId })).data.members.total === 1);
    await count(gone, [gone.bought(ann, '2026-03-05T10:00:00Z', 1_000)]);
    await count(moved, [moved.bought(newId(), '2026-03-05T10:00:00Z', 1_000)]);
    const wiped = gone.member(ann, 102, '2026-03-02T10:00:00Z');

    await gone.publish([
      partnerEvent(gone, { networkId, isDeleted: true, sequence: 103 }),
      { ...wiped, data: { ...(wiped.data as object), state: 'anonymised', identifiers: [] } },
    ]);
    await moved.publish([
      partnerEvent(moved, {
        networkId: other,
        tier: 'enterprise',
        createdAt: '2026-03-05T00:00:00.000Z',
        sequence: 101,
      }),
    ]);

    await waitFor('all of it', async () => {
      const { partners, members } = (await ask({ ...MARCH, network_id: networkId })).data;
      return partners.total === 0 && members.total === 0;
    });
    expect(await figures({ ...MARCH, network_id: networkId })).toMatchObject({
      partners: { total: 0, active: 1, new: 0 },
      members: { total: 0, active: 1, new: 1 },
      transactions: 1,
      by_tier: [{ tier: 'standard', partners: 0, transactions: 1 }, {}, {}],
    });
    await waitFor('the move', async () => (await ask({ ...MARCH, network_id: other })).data.partners.total === 1);
    expect((await figures({ ...MARCH, network_id: other })).by_tier[2]).toEqual({
      tier: 'enterprise',
      partners: 1,
      transactions: 1,
    });
  });

  it.each([
    ['a beginning after the end', { from: '2026-04-01', to: '2026-03-31' }, 'from'],
    ['more than 366 days', { from: '2025-01-01', to: '2026-01-02' }, 'from'],
    ['a day that no calendar has', { from: '2026-02-30' }, 'from'],
    ['a network of a bad form', { network_id: 'all' }, 'network_id'],
  ])('refuses %s', async (_name, query, field) => {
    const { status, body } = await ask(query as Record<string, string>);

    expect([status, Object.keys(body.details.errors)]).toEqual([422, [field]]);
  });
});

describe('what is summed up', () => {
  it('is what the facts say, after all of the above', async () => {
    const { sql } = analytics;
    const differences = {
      monthly: await sql`
        select partner_id, date_trunc('month', day)::date as month, club_id, currency, sum(purchases), sum(revenue_minor),
          sum(attributed_minor), sum(points_issued), sum(points_redeemed), sum(points_expired), sum(after_purchases), sum(after_minor)
        from daily
        group by 1, 2, 3, 4
        except
        select partner_id, month, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed,
          points_expired, after_purchases, after_minor
        from monthly
      `,
      departed: await sql`
        select partner_id, (anonymised_at at time zone 'UTC')::date as day, count(*) as departed
        from members
        where anonymised_at is not null
        group by 1, 2
        except
        select partner_id, day, departed from registrations
      `,
      member_spells: await sql`
        select partner_id, next_day, day, count(*) as members
        from (
          select partner_id, day,
            coalesce(lead(day) over (partition by partner_id, member_id order by day), 'infinity') as next_day
          from (
            select distinct partner_id, member_id, (occurred_at at time zone 'UTC')::date as day
            from facts
            where event like any(array['staff_credited_points_for_purchase', '%_redeemed_points_for_reward'])
          ) days
        ) spells
        group by partner_id, next_day, day
        except
        select partner_id, next_day, day, members from member_spells
      `,
      utc_daily: await sql`
        select partner_id, (occurred_at at time zone 'UTC')::date as day, currency,
          coalesce(sum(points) filter (where points > 0), 0) as issued, coalesce(sum(purchase_minor), 0) as revenue
        from facts
        group by 1, 2, 3
        except
        select partner_id, day, currency, points_issued, revenue_minor from utc_daily
      `,
      shop_members: await sql`
        select partner_id, club_id, member_id, min(day) as first_day
        from activity
        group by partner_id, club_id, member_id
        except
        select partner_id, club_id, member_id, first_day from shop_members
      `,
      registrations: await sql`
        select partner_id, (registered_at at time zone 'UTC')::date as day, count(*) as registered, count(anonymised_at) as anonymised
        from members
        group by 1, 2
        except
        select partner_id, day, registered, anonymised from registrations
      `,
    };
    const [sums] = await sql`
      select (select sum(accounts) from partner_spells)::bigint as accounts, (select count(*) from activity) as days,
        (select sum(members) from member_spells)::bigint as members, (select count(*) from member_days) as member_days
    `;

    for (const [table, rows] of Object.entries(differences)) expect([table, [...rows]]).toEqual([table, []]);
    expect([sums?.['accounts'], sums?.['members']]).toEqual([sums?.['days'], sums?.['memberDays']]);
    expect(sums?.['days']).toBeGreaterThan(50);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createMyKey,
  deletePartner,
  getAnyMember,
  getMember,
  getPartner,
  getProfile,
  health,
  join,
  listAllMembers,
  listMyKeys,
  listNetworks,
  overview,
  platformOverview,
  purchase,
  redeem,
  revokeMyKey,
  updatePartner,
  updateProfile,
} from '@punchcard/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { adminApi, apiOf, dataOf, eventually, givenMember, givenPartner, givenProgramme, running } from './given.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Two partners of one new network, of different plans, each with a programme and members. */
async function givenNetwork() {
  const admin = adminApi();
  const network = `Network ${randomUUID()}`;
  const partners = await Promise.all(
    (['enterprise', 'standard'] as const).map(async (tier) => {
      const partner = await givenPartner({ tier, time_zone: 'UTC' });
      const { network: joined } = await dataOf(
        admin(updatePartner, { params: { id: partner.partnerId }, body: { network } }),
      );
      const programme = await givenProgramme(partner.agent);
      const members = [await givenMember(partner.slug), await givenMember(partner.slug)];
      return { ...partner, ...programme, members, networkId: joined!.id };
    }),
  );
  return { admin, network, networkId: partners[0]!.networkId, partners };
}

describe('an admin', () => {
  it('sees in the overview what the partners see in theirs, added up', async () => {
    const today = () => new Date().toISOString().slice(0, 10);
    // It may become tomorrow on the way.
    const from = today();
    const { admin, networkId, partners } = await givenNetwork();
    for (const [n, { agent, card, reward, members }] of partners.entries()) {
      for (const [m, { id }] of members.entries()) {
        const sale = { card_id: card.id, member_identifier: id, purchase_amount: 25.5 + n + m };
        await dataOf(agent(purchase, { body: sale }));
        await dataOf(agent(purchase, { body: sale }));
      }
      const spend = { card_id: card.id, reward_id: reward.id, member_identifier: members[0]!.id };
      await dataOf(agent(redeem, { body: spend }));
    }
    const to = today();

    const seen = await eventually(
      'everything in the overview',
      async () => {
        const data = await dataOf(admin(platformOverview, { query: { network_id: networkId, from, to } }));
        // Partners, members and the facts of each member are on partitions of their own.
        const isAll = data.transactions === 8 && data.points_redeemed === 400 && data.members.total === 4;
        // The last look at the topics may be older, while a new one takes longer than an answer may.
        return isAll && data.partners.total === 2 && data.lag_seconds < 5 && data;
      },
      20_000,
    );
    const theirs = await Promise.all(
      partners.map(({ partner }) => dataOf(partner(overview, { query: { start_date: from, end_date: to } }))),
    );

    expect(seen).toMatchObject({
      partners: { total: 2, active: 2, new: 2 },
      members: { total: sum(theirs.map((one) => one.total_customers)), active: 4, new: 4 },
      transactions: 8,
      points_issued: sum(theirs.map((one) => one.total_points_issued)),
      points_redeemed: sum(theirs.map((one) => one.total_points_redeemed)),
      points_expired: 0,
      by_tier: [
        { tier: 'standard', partners: 1, transactions: 4 },
        { tier: 'professional', partners: 0, transactions: 0 },
        { tier: 'enterprise', partners: 1, transactions: 4 },
      ],
    });
    const revenue = sum(theirs.flatMap((one) => one.top_performing_shops.map((shop) => shop.revenue)));
    expect(seen.revenue).toEqual([{ currency: 'EUR', amount: revenue }]);
    expect(revenue).toBe(2 * (25.5 + 26.5 + 26.5 + 27.5));
  });

  it('finds members of all partners, and each call stands in the trails of the partners shown', async () => {
    const { admin, partners } = await givenNetwork();
    const [one, two] = partners as [(typeof partners)[0], (typeof partners)[0]];
    const member = two.members[0]!;

    const listed = await admin(listAllMembers, { query: { partner_id: one.partnerId } });
    const found = await admin(listAllMembers, { query: { search: member.email } });
    const got = await admin(getAnyMember, { params: { id: member.id } });

    expect(listed.body.data.map(({ id }) => id)).toEqual(one.members.map(({ id }) => id).reverse());
    expect(found.body.data).toMatchObject([{ id: member.id, partner_id: two.partnerId, email: member.email }]);
    const { partner_id: partnerId, ...payload } = got.body.data;
    expect(partnerId).toBe(two.partnerId);
    expect(payload).toEqual(await dataOf(two.agent(getMember, { params: { id: member.id } })));
    expect(await trailsOf(String(listed.headers['x-request-id']), 2)).toContain(one.partnerId);
    expect(await trailsOf(String(got.headers['x-request-id']), 2)).toContain(two.partnerId);
  });

  it('suspends a partner with its members within a second, and deletes it for good', async () => {
    const { admin, network, partners } = await givenNetwork();
    const { partnerId, slug, agent, members } = partners[0]!;
    const member = apiOf({ 'x-agent-key': members[0]!.key });
    expect([(await agent(health)).status, (await member(getProfile)).status]).toEqual([200, 200]);
    const remove = (confirm: string) => admin(deletePartner, { params: { id: partnerId }, query: { confirm } });
    expect((await remove(slug)).status).toBe(409);

    await dataOf(admin(updatePartner, { params: { id: partnerId }, body: { status: 'suspended' } }));

    for (const api of [agent, member]) {
      const { body } = await eventually(
        'a refusal',
        async () => {
          const answer = await api(health);
          return answer.status === 403 && answer;
        },
        1_000,
      );
      expect(body).toMatchObject({ code: 'AUTH_OWNER_INACTIVE', details: { account: 'partner' } });
    }
    expect((await remove(`${slug}x`)).status).toBe(422);
    expect((await remove(slug)).status).toBe(200);
    expect((await admin(getPartner, { params: { id: partnerId } })).status).toBe(404);
    const joining = { params: { partner_slug: slug }, body: { accepts_terms: true as const } };
    expect((await apiOf({})(join, joining)).status).toBe(404);
    expect((await agent(health)).status).toBeGreaterThanOrEqual(401);
    const names = (await dataOf(admin(listNetworks, { query: { per_page: '100' } }))).map(({ name }) => name);
    expect(names).toContain(network);
    await eventually(
      'the end of its members',
      async () => {
        const { body } = await admin(listAllMembers, { query: { partner_id: partnerId } });
        return body.data.length === 0;
      },
      30_000,
    );
  });
});

describe('a member', () => {
  it('sees and changes the profile, which tells of the first purchase and, to the partner, of the last login', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const before = Date.now();
    const { id, key } = await givenMember(slug);
    const member = apiOf({ 'x-agent-key': key });
    expect(await dataOf(member(getProfile))).toMatchObject({ id, has_interacted: false, first_interaction_at: null });

    const body = { card_id: card.id, member_identifier: id, purchase_amount: 10 };
    await dataOf(agent(purchase, { body }));
    const changed = await dataOf(member(updateProfile, { body: { name: 'Ann Bloom', locale: 'lt_LT' } }));

    expect(changed).toMatchObject({ id, name: 'Ann Bloom', locale: 'lt_LT' });
    const profile = await eventually('the interaction', async () => {
      const data = await dataOf(member(getProfile));
      return data.has_interacted && data;
    });
    expect(Date.parse(profile.first_interaction_at!)).toBeGreaterThanOrEqual(Date.parse(profile.created_at));
    const seen = await eventually(
      'the login',
      async () => {
        // A key has no more than 1,000 calls a minute.
        await sleep(500);
        const data = await dataOf(agent(getMember, { params: { id } }));
        return data.last_login_at !== null && data;
      },
      // Told every 30 s; what a busy service did not take is told again.
      75_000,
    );
    expect(seen.name).toBe('Ann Bloom');
    // Exact to a minute.
    expect(Date.parse(seen.last_login_at!)).toBeGreaterThan(before - 60_000);
    expect(Date.parse(seen.last_login_at!)).toBeLessThanOrEqual(Date.now());
  }, 120_000);

  it('makes keys that work, at most three and not wider, and ends them, also the calling one', async () => {
    const { slug } = await givenPartner();
    const { key } = await givenMember(slug);
    const member = apiOf({ 'x-agent-key': key });
    const reader = await dataOf(member(createMyKey, { body: { name: 'Reader', preset: 'view_only' } }));
    const second = await dataOf(member(createMyKey, { body: { name: 'Second', preset: 'full_access' } }));
    const readerApi = apiOf({ 'x-agent-key': reader.key! });

    expect((await member(createMyKey, { body: { name: 'Fourth', preset: 'view_only' } })).status).toBe(403);
    expect((await readerApi(getProfile)).status).toBe(200);
    expect((await readerApi(createMyKey, { body: { name: 'Wider', preset: 'full_access' } })).status).toBe(403);
    const mine = await dataOf(member(listMyKeys));
    expect(mine.map(({ name }) => name)).toEqual(['Second', 'Reader', 'Registration']);

    await dataOf(member(revokeMyKey, { params: { id: reader.id } }));
    const secondApi = apiOf({ 'x-agent-key': second.key! });
    await dataOf(secondApi(revokeMyKey, { params: { id: second.id } }));

    for (const api of [readerApi, secondApi]) {
      await eventually('a refusal', async () => (await api(getProfile)).status === 401, 1_000);
    }
    expect((await member(getProfile)).status).toBe(200);
  });
});

/** In whose trails a request stands, once it does in so many. */
async function trailsOf(requestId: string, count: number): Promise<string[]> {
  const { facts } = running();
  const kafka = new Kafka({ brokers: facts.kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `trails-${randomUUID()}` });
  const partners: string[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: `${facts.prefix}.audit`, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const { partnerid, data } = JSON.parse(String(message.value)) as {
          partnerid: string;
          data: { entries: { request_id: string }[] };
        };
        if (data.entries.some((entry) => entry.request_id === requestId)) partners.push(partnerid);
      },
    });
    return await eventually('its trails', async () => partners.length >= count && partners, 20_000);
  } finally {
    await consumer.disconnect();
  }
}

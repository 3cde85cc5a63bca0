import { describe, expect, it } from '@jest/globals';
import {
  getTransaction,
  health,
  listTransactions,
  memberBalance,
  overview,
  purchase,
  redeem,
  updateCard,
} from '@punchcard/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { dataOf, eventually, givenMember, givenPartner, givenProgramme, running } from './given.ts';

describe('GET /health', () => {
  it('answers who the key is and what it may', async () => {
    const { agent, agentKey, partnerId } = await givenPartner();

    const { status, headers, body } = await agent(health);

    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      status: 'ok',
      key: { name: 'Tests', prefix: agentKey.slice(0, 17), role: 'partner', scopes: ['admin'], rate_limit: 1_000 },
      owner: { id: partnerId, type: 'partner' },
    });
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '10000', 'x-ratelimit-tier': 'enterprise' });
  });
});

describe('a purchase, from the till to analytics', () => {
  it('finds the member by each identifier, at once after everything was made', async () => {
    const { agent, slug } = await givenPartner();
    const { card, reward } = await givenProgramme(agent);
    const member = await givenMember(slug);

    const body = { card_id: card.id, purchase_amount: 24.5 };
    const identifiers = [
      [member.email.toUpperCase(), 'email'],
      [member.unique_identifier, 'unique_identifier'],
      [member.unique_identifier.replaceAll('-', ''), 'unique_identifier'],
      [member.id, 'id'],
    ] as const;
    for (const [n, [identifier, matchedBy]] of identifiers.entries()) {
      const data = await dataOf(agent(purchase, { body: { ...body, member_identifier: identifier } }));
      expect(data).toMatchObject({
        points_awarded: n < 4 ? 245 : 0,
        new_balance: 245 * (n + 1),
        member_balance: 245 * n,
        matched_by: matchedBy,
        member_id: member.id,
        tier: 'bronze',
        duplicate: false,
      });
    }
    const redeemed = await dataOf(
      agent(redeem, { body: { card_id: card.id, reward_id: reward.id, member_identifier: member.email } }),
    );
    expect(redeemed).toMatchObject({
      points_deducted: 200,
      member_balance: 980,
      new_balance: 780,
      reward: 'Free coffee',
    });

    const balance = await dataOf(agent(memberBalance, { params: { id: member.id, cardId: card.id } }));
    expect(balance).toMatchObject({
      balance: 780,
      currency: 'EUR',
      breakdown: { active: 780, pending: 0, held: 0, expiring_next: null },
      lifetime_points: 980,
      tier: 'bronze',
      points_to_next_tier: 20,
    });
    const listed = await agent(listTransactions, { query: { member_identifier: member.email } });
    expect(listed.body).toMatchObject({ pagination: { current_page: 1, per_page: 25, total: 5, last_page: 1 } });
    expect(listed.body.data.map(({ points }) => points)).toEqual([-200, 245, 245, 245, 245]);
    const one = await dataOf(agent(getTransaction, { params: { id: redeemed.transaction_id } }));
    expect(one).toMatchObject({ event: 'staff_redeemed_points_for_reward', points: -200, lots: [{ points: 200 }] });
  });

  it('filters the list by all that the contract names', async () => {
    const { agent, slug } = await givenPartner({ time_zone: 'Europe/Vilnius' });
    const { card, club, reward } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const sale = { card_id: card.id, member_identifier: member.id, purchase_amount: 30, reference: 'receipt-1' };
    const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Vilnius' }).format(new Date());
    // It may become tomorrow on the way.
    const from = today();
    await dataOf(agent(purchase, { body: sale }));
    await dataOf(agent(redeem, { body: { card_id: card.id, reward_id: reward.id, member_identifier: member.id } }));
    const to = today();

    const totalOf = async (query: Record<string, string>) => {
      const { status, body } = await agent(listTransactions, { query });
      return status === 200 ? (body['pagination'] as { total: number }).total : status;
    };

    expect(await totalOf({})).toBe(2);
    expect(await totalOf({ member_identifier: member.unique_identifier })).toBe(2);
    expect(await totalOf({ member_identifier: 'nobody@example.com' })).toBe(0);
    expect(await totalOf({ card_id: card.id })).toBe(2);
    expect(await totalOf({ club_id: club.id })).toBe(2);
    expect(await totalOf({ event: 'staff_credited_points_for_purchase' })).toBe(1);
    expect(await totalOf({ event: 'bought' })).toBe(422);
    expect(await totalOf({ reference: 'receipt-1' })).toBe(1);
    expect(await totalOf({ status: 'completed' })).toBe(2);
    expect(await totalOf({ status: 'reversed' })).toBe(0);
    expect(await totalOf({ from, to })).toBe(2);
    expect(await totalOf({ from: '2020-01-01', to: '2020-12-31' })).toBe(0);
    expect(await totalOf({ from, to: '2020-12-31' })).toBe(422);
    expect(await totalOf({ colour: 'blue' })).toBe(422);
  });

  it('acts by new rules of a card with the next purchase', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const body = { card_id: card.id, member_identifier: member.id, purchase_amount: 1 };
    await dataOf(agent(purchase, { body }));

    await dataOf(agent(updateCard, { params: { id: card.id }, body: { points_per_currency: 7 } }));

    expect((await dataOf(agent(purchase, { body }))).points_awarded).toBe(7);
  });

  it('is in the overview within a second', async () => {
    const { agent, partner, slug } = await givenPartner();
    const { card, club, reward } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const sale = { card_id: card.id, member_identifier: member.id, purchase_amount: 30 };
    await dataOf(agent(purchase, { body: sale }));
    await dataOf(agent(redeem, { body: { card_id: card.id, reward_id: reward.id, member_identifier: member.id } }));

    const seen = await eventually(
      'the purchase in the overview',
      async () => {
        const data = await dataOf(partner(overview));
        // Members, clubs and the facts of each member are on partitions of their own.
        const isAll = data.total_points_redeemed === 200 && data.top_performing_shops[0]?.shop_name === club.name;
        return isAll && data.total_customers === 1 && data.active_loyalty_cards === 1 && data;
      },
      1_000,
    );

    expect(seen).toMatchObject({
      total_customers: 1,
      active_loyalty_cards: 1,
      total_points_issued: 300,
      revenue_impact: { total_attributed: 30, avg_order_increase: null, customer_retention_rate: null },
      top_performing_shops: [
        {
          shop_id: club.id,
          shop_name: club.name,
          revenue: 30,
          transactions: 1,
          active_customers: 1,
          revenue_per_customer: 30,
        },
      ],
      previous: { total_customers: 0, total_points_issued: 0 },
      other_currencies: [],
    });
    expect(seen.lag_seconds).toBeGreaterThanOrEqual(0);
    // Of the last look at the topics, while a new one takes longer than an answer may.
    await eventually('a fresh as_of', async () => {
      const { lag_seconds: lag, as_of: asOf } = await dataOf(partner(overview));
      return lag < 5 && Math.abs(Date.parse(asOf) - Date.now()) < 5_000;
    });
  });

  it('is on the topic as a CloudEvent for any Kafka client', async () => {
    const { agent, slug, partnerId } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const sale = { card_id: card.id, member_identifier: member.email, purchase_amount: 24.5, reference: 'receipt-7' };
    const { transaction_id: transactionId } = await dataOf(agent(purchase, { body: sale }));

    const message = await messageOf(transactionId);

    expect(message.key).toBe(member.id);
    expect(message.value).toMatchObject({
      specversion: '1.0',
      type: 'ledger.points_earned.v1',
      datacontenttype: 'application/json',
      partnerid: partnerId,
      sequence: 1,
      data: {
        transaction_id: transactionId,
        points: 245,
        purchase_minor: 2_450,
        currency: 'EUR',
        reference: 'receipt-7',
      },
    });
    expect(JSON.stringify(message.value)).not.toContain(member.email);
  });
});

/** What any client of Kafka finds of a transaction. */
async function messageOf(transactionId: string) {
  const { facts } = running();
  const kafka = new Kafka({ brokers: facts.kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `any-${transactionId}` });
  let found: { key: string; value: Record<string, unknown> } | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: `${facts.prefix}.ledger`, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { key, value } }) => {
        if (value?.includes(transactionId)) found = { key: String(key), value: JSON.parse(String(value)) };
      },
    });
    return await eventually('its event', async () => found, 20_000);
  } finally {
    await consumer.disconnect();
  }
}

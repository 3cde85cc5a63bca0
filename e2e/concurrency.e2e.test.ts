import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { listTransactions, memberBalance, purchase, redeem } from '@punchcard/contracts';
import { dataOf, givenMember, givenPartner, givenProgramme, times } from './given.ts';

describe('many tills at once', () => {
  it('redeem ten times of two hundred when the points suffice for ten', async () => {
    const { agent, slug } = await givenPartner();
    const { card, reward } = await givenProgramme(agent);
    const member = await givenMember(slug);
    // 2,000 points; no tier has a discount, so that every redemption costs 200.
    const points = { card_id: card.id, member_identifier: member.id, purchase_amount: 200 };
    await dataOf(agent(purchase, { body: points }));

    // 100 at once is what the plan admits.
    const redeemAll = () =>
      times(100, () =>
        agent(redeem, { body: { card_id: card.id, reward_id: reward.id, member_identifier: member.id } }),
      );
    const answers = [...(await redeemAll()), ...(await redeemAll())];

    const done = answers.filter(({ status }) => status === 200);
    expect(done).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body['code']))).toEqual(new Set(['INSUFFICIENT_POINTS']));
    const balance = await dataOf(agent(memberBalance, { params: { id: member.id, cardId: card.id } }));
    expect(balance).toMatchObject({ balance: 0, breakdown: { active: 0 } });
  });

  it('make one transaction of fifty requests with one Idempotency-Key', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const body = { card_id: card.id, member_identifier: member.id, purchase_amount: 24.5 };
    const headers = { 'idempotency-key': randomUUID() };

    const answers = await times(50, () => agent(purchase, { body, headers }));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body.data))).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(49);
    const listed = await agent(listTransactions, { query: { member_identifier: member.id } });
    expect(listed.body.data).toHaveLength(1);
  });

  it('make one transaction of fifty requests with one reference, and refuse the same reference for something else', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const body = { card_id: card.id, member_identifier: member.id, purchase_amount: 24.5, reference: 'receipt-1' };

    const answers = await times(50, () => agent(purchase, { body }));

    expect(new Set(answers.map((answer) => answer.body.data.transaction_id)).size).toBe(1);
    expect(answers.filter((answer) => answer.body.data.duplicate)).toHaveLength(49);
    const other = await agent(purchase, { body: { ...body, purchase_amount: 25 } });
    expect(other).toMatchObject({
      status: 409,
      body: {
        code: 'REFERENCE_CONFLICT',
        details: { reference: 'receipt-1', existing_id: answers[0]!.body.data.transaction_id },
      },
    });
  });

  it('are told of a key that was used for another request', async () => {
    const { agent, slug } = await givenPartner();
    const { card } = await givenProgramme(agent);
    const member = await givenMember(slug);
    const body = { card_id: card.id, member_identifier: member.id, purchase_amount: 24.5 };
    const headers = { 'idempotency-key': 'order-1' };
    await dataOf(agent(purchase, { body, headers }));

    const other = await agent(purchase, { body: { ...body, purchase_amount: 25 }, headers });

    expect(other).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED', retry_strategy: 'fix_request' },
    });
  });
});

import { request as send } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { givenAgentKey, givenKeyPair } from './given.ts';
import { answerJson, givenHouse, type House } from './given-house.ts';
import { call, someAddress } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';
const overview = '/api/partners/analytics/overview';

let house: House;
let staging: House;
beforeAll(async () => {
  [house, staging] = await Promise.all([givenHouse(), givenHouse({ GATEWAY_DEPLOYMENT: 'staging' })]);
});
afterAll(() => Promise.all([house.stop(), staging.stop()]));
afterEach(() => {
  house.service.answer = answerJson(200, { error: false, data: [] });
});

const get = (path: string, headers: Record<string, string>) => call(house.gateway.url, path, { headers });
const times = <T>(count: number, one: () => Promise<T>) => Promise.all(Array.from({ length: count }, one));
const statuses = (answers: { status: number }[]) =>
  Object.fromEntries(
    [...new Set(answers.map(({ status }) => status))].map((s) => [s, answers.filter((a) => a.status === s).length]),
  );

describe('the minute of a key', () => {
  it('admits its rate_limit, then 429 with the time to wait, and another key of the partner goes on', async () => {
    const { partnerId, ...given } = givenAgentKey({ rate_limit: 20 });
    const headers = house.headersOf(given);
    const other = house.headersOf(givenAgentKey({ partner: { id: partnerId } }));

    const answers = await times(30, () => get(clubs, headers));

    expect(statuses(answers)).toEqual({ 200: 20, 429: 10 });
    const refused = answers.find(({ status }) => status === 429)!;
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      retry_strategy: 'backoff',
      details: { policy: 'minute', retry_after: seconds },
    });
    expect(refused.headers['x-ratelimit-tier']).toBe('enterprise');
    expect((await get(clubs, other)).status).toBe(200);
  });
});

describe('the hour of a partner', () => {
  it('is one for both APIs and all keys', async () => {
    const { partnerId, ...first } = givenAgentKey();
    const pair = givenKeyPair({ partner: { id: partnerId } });

    const one = await get(clubs, house.headersOf(first));
    const two = await get(overview, house.headersOf(pair));

    expect([one, two].map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['9999', '9998']);
    expect(two.headers['ratelimit-policy']).toBe(
      '"hour";q=10000;w=3600, "minute";q=1000;w=60, "concurrent";q=100;qu="concurrent-requests"',
    );
  });

  it('counts refusals after the key was good, and nothing before', async () => {
    const headers = house.headersOf(givenAgentKey({ scopes: [] }));

    await get('/api/agent/v1/nowhere', headers);
    await get(overview, headers);
    await get(clubs, headers);
    const answer = await get(clubs, headers);

    expect(answer).toMatchObject({ status: 403, headers: { 'x-ratelimit-remaining': '9998' } });
  });

  it('is not counted on staging, unless the partner is marked', async () => {
    const free = staging.headersOf(givenAgentKey({ partner: { plan: 'standard' } }));
    const marked = staging.headersOf(givenAgentKey({ partner: { limited: true } }));
    const ask = (headers: Record<string, string>) => call(staging.gateway.url, clubs, { headers });

    await ask(free);
    expect((await ask(free)).headers).toMatchObject({ 'x-ratelimit-limit': '2000', 'x-ratelimit-remaining': '2000' });
    await ask(marked);
    expect((await ask(marked)).headers).toMatchObject({
      'x-ratelimit-limit': '10000',
      'x-ratelimit-remaining': '9998',
    });
  });
});

describe('requests at once', () => {
  const held: (() => void)[] = [];
  const hold = () => {
    house.service.answer = (seen, response, request) =>
      void held.push(() => answerJson(200, { error: false, data: [] })(seen, response, request));
  };
  const letGo = () => {
    for (const finish of held.splice(0)) finish();
  };

  it('are as many as the plan allows, and free again when the answer ended', async () => {
    const headers = house.headersOf(givenAgentKey({ partner: { plan: 'standard' } }));
    hold();
    const first = times(25, () => get(clubs, headers));
    await waitFor('25 requests at the service', () => held.length === 25);

    const refused = await get(clubs, headers);
    letGo();
    await first;
    house.service.answer = answerJson(200, { error: false, data: [] });

    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'CONCURRENT_LIMIT_EXCEEDED', retry_strategy: 'backoff', details: { limit: 25, retry_after: 1 } },
    });
    expect(statuses(await times(25, () => get(clubs, headers)))).toEqual({ 200: 25 });
  });

  it('are free again when the clients left', async () => {
    const headers = house.headersOf(givenAgentKey({ role: 'member' }));
    const health = '/api/agent/v1/health';
    const partner = house.headersOf(givenAgentKey({ partner: { plan: 'standard' } }));
    hold();
    const requests = Array.from({ length: 25 }, () => {
      const request = send({ port: house.gateway.port, path: clubs, headers: partner }).on('error', () => {});
      request.end();
      return request;
    });
    await waitFor('25 requests at the service', () => held.length === 25);
    for (const request of requests) request.destroy();
    held.length = 0;
    house.service.answer = answerJson(200, { error: false, data: [] });

    await waitFor('a free slot', async () => (await get(clubs, partner)).status === 200);
    expect((await get(health, headers)).headers['x-ratelimit-limit']).toBe('7200');
  });
});

describe('an address', () => {
  it('may fail 30 times a minute; then its unknown keys are 429, and its good keys go on', async () => {
    const good = house.headersOf(givenAgentKey());
    const address = { 'x-forwarded-for': good['x-forwarded-for'] };
    const wrong = { ...address, 'x-agent-key': 'rl_agent_wrong' };
    await get(clubs, good);

    const answers = await times(40, () => get(clubs, wrong));

    expect(statuses(answers)).toEqual({ 401: 30, 429: 10 });
    expect(answers.find(({ status }) => status === 429)).toMatchObject({
      headers: { 'x-ratelimit-tier': 'public', 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '0' },
      body: { code: 'RATE_LIMITED', details: { policy: 'ip' } },
    });
    expect((await get(clubs, good)).status).toBe(200);
    expect((await get(clubs, { ...wrong, 'x-forwarded-for': someAddress() })).status).toBe(401);
  });

  it('that failed too often costs partners no look-ups', async () => {
    const address = { 'x-forwarded-for': someAddress() };
    await times(31, () => get(clubs, address));
    const before = house.partners.state.asked;

    const { key } = givenAgentKey();
    const answer = await get(clubs, { ...address, 'x-agent-key': key });

    expect(answer).toMatchObject({ status: 429, body: { details: { policy: 'ip' } } });
    expect(house.partners.state.asked).toBe(before);
  });

  it('may join 10 times a minute', async () => {
    const headers = { 'x-forwarded-for': someAddress() };

    const answers = await times(12, () =>
      call(house.gateway.url, '/api/join/x', { method: 'POST', body: '{}', headers }),
    );

    expect(statuses(answers)).toEqual({ 200: 10, 429: 2 });
    expect(answers.find(({ status }) => status === 429)!.body).toMatchObject({ details: { policy: 'ip' } });
  });
});

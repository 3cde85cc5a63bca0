import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { invalidationChannel, PLATFORM_ID } from '@punchcard/contracts';
import { freePort, waitFor } from '@punchcard/testing';
import { Redis } from 'ioredis';
import { givenAgentKey, givenKeyRecord } from './given.ts';
import { answerJson, givenGateway, givenHouse, kafka, type House } from './given-house.ts';
import { call, someAddress } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';
const past = '2026-03-08T09:00:00.000Z';

type Gateway = Awaited<ReturnType<typeof givenGateway>>;

let house: House;
let other: Gateway;
let redis: Redis;
beforeAll(async () => {
  house = await givenHouse();
  other = await givenGateway({ partnersUrl: house.partners.url, serviceUrl: house.service.url });
  redis = new Redis(process.env['TEST_REDIS_URL']!);
});
afterAll(async () => {
  redis.disconnect();
  await other.stop();
  await house.stop();
});
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  house.partners.state.isDown = false;
  house.service.answer = answerJson(200, { error: false, data: [] });
  house.service.seen.length = 0;
  await Promise.all(ends.splice(0).map((end) => end()));
});

const ask = async (gateway: Gateway, headers: Record<string, string>) =>
  (await call(gateway.url, clubs, { headers })).status;

describe('a change', () => {
  it('of a key acts on every gateway as soon as it is told', async () => {
    const given = givenAgentKey();
    const headers = house.headersOf(given);
    expect([await ask(house.gateway, headers), await ask(other, headers)]).toEqual([200, 200]);
    house.partners.keys.set(given.hash, { ...given.record, revoked_at: past });

    await redis.publish(invalidationChannel, given.record.key_id);

    await waitFor('both to refuse it', async () => {
      const both = [await ask(house.gateway, headers), await ask(other, headers)];
      return both.every((status) => status === 401);
    });
  });

  it('of a partner acts on all its keys', async () => {
    const { partnerId, ...one } = givenAgentKey();
    const two = givenAgentKey({ partner: { id: partnerId } });
    const headers = [house.headersOf(one), house.headersOf(two)];
    for (const each of headers) expect(await ask(house.gateway, each)).toBe(200);
    for (const { hash, record } of [one, two]) {
      house.partners.keys.set(hash, { ...record, partner: { ...record.partner!, status: 'suspended' } });
    }

    await redis.publish(invalidationChannel, partnerId);

    for (const each of headers) {
      await waitFor('it to be refused', async () => (await ask(house.gateway, each)) === 403);
    }
  });
});

describe('a mark', () => {
  it('goes along through every gateway', async () => {
    const headers = house.headersOf(givenAgentKey({ scopes: ['admin'] }));

    // The other gateway may not listen yet when the first is written.
    await waitFor('the other gateway to know it', async () => {
      house.service.answer = answerJson(201, { error: false, data: {} }, { 'punchcard-mark': 'catalog:41' });
      await call(house.gateway.url, clubs, { method: 'POST', body: '{}', headers });
      house.service.answer = answerJson(200, { error: false, data: [] });
      await ask(other, headers);
      return house.service.seen.at(-1)!.headers['punchcard-marks'] === 'catalog:41';
    });
  });
});

describe('without partners', () => {
  it('known keys go on, and unknown ones are 503', async () => {
    const known = house.headersOf(givenAgentKey());
    const unknown = house.headersOf(givenAgentKey());
    await ask(house.gateway, known);
    house.partners.state.isDown = true;

    expect(await ask(house.gateway, known)).toBe(200);
    expect(await call(house.gateway.url, clubs, { headers: unknown })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'SERVICE_UNAVAILABLE', retry_strategy: 'backoff', details: { service: 'partners' } },
    });
  });
});

describe('the use of a key', () => {
  it('is told to partners when the gateway stops, at the latest', async () => {
    const gateway = await givenGateway({ partnersUrl: house.partners.url, serviceUrl: house.service.url });
    const given = givenAgentKey();
    await ask(gateway, house.headersOf(given));

    await gateway.stop();

    expect(house.partners.used).toContainEqual({
      key_id: given.record.key_id,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/),
    });
  });
});

describe('the use of a key of a member', () => {
  it('is told to members, too, as a login', async () => {
    const gateway = await givenGateway({ partnersUrl: house.partners.url, serviceUrl: house.service.url });
    const given = givenAgentKey({ role: 'member' });
    await ask(gateway, house.headersOf(given));

    await gateway.stop();

    const told = house.service.told.filter(({ url }) => url === '/internal/members/used');
    const used = told.flatMap(({ body }) => (JSON.parse(body) as { used: { partner_id: string }[] }).used);
    expect(used.filter(({ partner_id: partner }) => partner === given.partnerId)).toEqual([
      {
        partner_id: given.partnerId,
        member_id: given.record.member_id,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/),
      },
    ]);
  });
});

describe('the audit', () => {
  it('has what was read and what was refused, on the topic', async () => {
    const consumer = kafka.raw.consumer({ groupId: `gateway-test.${Date.now()}` });
    ends.push(() => consumer.disconnect());
    const entries: { partner: string; request_id: string; status: number }[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: kafka.topicName('audit'), fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const { specversion, partnerid, data } = JSON.parse(message.value!.toString());
        if (specversion === '1.0') for (const entry of data.entries) entries.push({ partner: partnerid, ...entry });
        return Promise.resolve();
      },
    });
    const { partnerId, ...given } = givenAgentKey();
    const headers = house.headersOf(given);

    const read = await call(house.gateway.url, clubs, { headers });
    const refused = await call(house.gateway.url, clubs, { method: 'POST', body: '{}', headers });

    const shown = ['0195743e-6c00-7c1a-8f53-2f1b7f0a1c01', '0195743e-6c00-7c1a-8f53-2f1b7f0a1c02'];
    house.service.answer = answerJson(200, { error: false, data: [] }, { 'punchcard-shown-partners': shown.join() });
    const byAdmin = await call(house.gateway.url, '/api/agent/v1/admin/members', {
      headers: house.headersOf(givenAgentKey({ role: 'admin', scopes: ['read'] })),
    });

    const idOf = ({ headers: { 'x-request-id': id } }: typeof read) => id;
    const found = (id: string | undefined) => entries.find(({ request_id: of }) => of === id);
    const trails = () => entries.filter((entry) => entry.request_id === idOf(byAdmin)).map(({ partner }) => partner);
    await waitFor('all entries', () => found(idOf(read)) && found(idOf(refused)) && trails().length === 3);
    expect(found(idOf(read))).toMatchObject({
      partner: partnerId,
      action: 'agent.clubs.list',
      result: 'ok',
      actor_type: 'agent_key',
      actor_id: given.record.key_id,
      ip_address: headers['x-forwarded-for'],
    });
    expect([byAdmin.status, byAdmin.headers['punchcard-shown-partners']]).toEqual([200, undefined]);
    expect(trails().sort()).toEqual([PLATFORM_ID, ...shown]);
    expect(found(idOf(refused))).toMatchObject({
      result: 'refused',
      error_code: 'AUTH_INSUFFICIENT_SCOPE',
      status: 403,
    });
  });
});

describe('a gateway that starts with nothing there', () => {
  it('is up, and serves as the parts come', async () => {
    const port = await freePort();
    const dead = 'http://127.0.0.1:1';
    const gateway = await givenGateway({
      partnersUrl: house.partners.url,
      serviceUrl: dead,
      env: { REDIS_URL: `redis://127.0.0.1:${port}`, KAFKA_BROKERS: '127.0.0.1:1' },
    });
    ends.push(gateway.stop);
    const given = givenAgentKey();
    const headers = house.headersOf(given);
    expect(await ask(gateway, headers)).toBe(503);
    expect(await ask(gateway, { 'x-forwarded-for': someAddress() })).toBe(401);
    expect((await call(gateway.url, '/health/ready')).status).toBe(200);
    expect(await call(gateway.url, '/api/agent/v1/health', { headers })).toMatchObject({
      status: 200,
      body: { data: { status: 'degraded' } },
    });

    // What was in memory while no notice could come is asked for again once they can.
    house.partners.keys.set(given.hash, { ...given.record, revoked_at: past });
    const server = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1']);
    ends.push(() => stopped(server));
    await waitFor('the key to be refused', async () => (await ask(gateway, headers)) === 401);
  });
});

describe('a gateway that stops', () => {
  it('finishes what is under way and takes nothing new', async () => {
    const gateway = await givenGateway({ partnersUrl: house.partners.url, serviceUrl: house.service.url });
    const headers = house.headersOf(givenAgentKey());
    let finish = () => {};
    house.service.answer = (seen, response, request) => {
      finish = () => void answerJson(200, { error: false, data: ['late'] })(seen, response, request);
    };
    const underWay = call(gateway.url, clubs, { headers });
    await waitFor('the request to arrive', () => house.service.seen.length === 1);

    const stopping = gateway.stop();
    await expect(call(gateway.url, clubs, { headers: { ...headers, connection: 'close' } })).rejects.toThrow();
    finish();

    expect(await underWay).toMatchObject({ status: 200, body: { data: ['late'] } });
    await stopping;
  });
});

describe('metrics', () => {
  it('tell requests by endpoint and status, and refusals by code', async () => {
    await ask(house.gateway, house.headersOf(givenAgentKey()));
    await ask(
      house.gateway,
      house.headersOf(givenAgentKey({ partner: { gates: givenKeyRecord().partner!.gates, status: 'suspended' } })),
    );

    const { text } = await call(house.gateway.url, '/metrics');

    expect(text).toMatch(
      /punchcard_request_duration_seconds_count\{[^}]*endpoint="agent.clubs.list",status="200"[^}]*\} \d/,
    );
    expect(text).toMatch(
      /punchcard_gateway_refusals_total\{[^}]*endpoint="agent.clubs.list",code="AUTH_OWNER_INACTIVE"[^}]*\} \d/,
    );
    expect(text).toMatch(/punchcard_gateway_state\{[^}]*name="keys_known"[^}]*\} \d/);
  });
});

const stopped = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { givenAgentKey } from './given.ts';
import { givenHouse, kafka, type House } from './given-house.ts';
import { call } from './http.ts';

let house: House;
beforeAll(async () => {
  house = await givenHouse();
});
afterAll(() => house.stop());
const consumers: { disconnect(): Promise<void> }[] = [];
afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect())));

it.each(['api_key', 'key', 'X-Agent-Key'])(
  'a key in the query (%s) opens nothing, and stands in no audit trail',
  async (name) => {
    const trail: { request_id: string; path: string }[] = [];
    const consumer = kafka.raw.consumer({ groupId: `key-in-url.${name}.${Date.now()}` });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic: kafka.topicName('audit'), fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const { data } = JSON.parse(message.value!.toString()) as { data?: { entries: typeof trail } };
        trail.push(...(data?.entries ?? []));
        return Promise.resolve();
      },
    });
    const given = givenAgentKey();
    const { 'x-agent-key': key, ...headers } = house.headersOf(given) as Record<string, string>;

    const {
      status,
      body,
      headers: told,
    } = await call(house.gateway.url, `/api/agent/v1/partner/clubs?${name}=${given.key}`, { headers });

    expect(key).toBe(given.key);
    expect([status, body.code]).toEqual([401, 'AUTH_MISSING_KEY']);
    expect(house.service.seen).toHaveLength(0);
    await waitFor('its entry', () => trail.some(({ request_id: id }) => id === told['x-request-id']));
    expect(trail.find(({ request_id: id }) => id === told['x-request-id'])?.path).toBe('/api/agent/v1/partner/clubs');
    expect(JSON.stringify(trail)).not.toContain(given.key);
  },
);

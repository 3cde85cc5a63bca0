import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { endpoints, type Endpoint } from '@punchcard/contracts';
import { requests, type Valid, type World } from './conformance-requests.ts';
import { givenWorld, type Answered, type Send } from './conformance-world.ts';

/** They answer in another form, or to a browser; tools, join and chaos have tests of their own. */
const apart = /^agent\.(tools|mcp|docs|docs_json|join|join\.page)$/;
const enveloped = endpoints.filter(({ dialect, id }) => dialect === 'agent' && !apart.test(id));
const rows = enveloped.map((endpoint) => [endpoint.id, endpoint] as const);

let world: World & { send: Send };
const ask = async ({ id }: Endpoint): Promise<Valid> => requests[id]!(world);

beforeAll(async () => {
  world = await givenWorld();
});

/** What a repeat shows: secrets were shown once. */
function withoutSecrets({ data }: Record<string, unknown>): unknown {
  const { secret_shown_once: _mark, ...shown } = data as Record<string, unknown>;
  return 'key' in shown ? { ...shown, key: null } : shown;
}

const isReplay = ({ headers }: Answered) => headers.get('idempotency-replayed') === 'true';

describe('a valid request', () => {
  it.each(rows)('%s succeeds as declared, with the limits in its headers', async (_id, endpoint) => {
    const { status, headers, body } = await world.send(endpoint, await ask(endpoint));

    expect([status, body]).toEqual([endpoint.success, expect.objectContaining({ error: false })]);
    expect(Object.keys(body)).toEqual(endpoint.paged ? ['error', 'data', 'pagination'] : ['error', 'data']);
    for (const name of ['limit', 'remaining', 'reset']) expect(headers.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/);
    expect(headers.get('ratelimit-policy')).toContain('"hour";q=');
    expect(headers.get('ratelimit')).toContain('"concurrent";r=');
    expect(headers.get('x-request-id')).toMatch(/^[\w.-]+$/);
    expect(headers.get('x-ratelimit-tier')).toBe(
      endpoint.role === 'admin' || endpoint.role === 'member' ? endpoint.role : 'enterprise',
    );
  });
});

describe('an Idempotency-Key', () => {
  const idempotent = rows.filter(([, endpoint]) => endpoint.idempotent);

  it.each(idempotent)(
    '%s happens once for two at once and a repeat, and is refused for another request',
    async (...at) => {
      const endpoint = at[1];
      const headers = { 'idempotency-key': randomUUID() };
      const valid = await ask(endpoint);

      const both = await Promise.all([world.send(endpoint, valid, headers), world.send(endpoint, valid, headers)]);
      const repeat = await world.send(endpoint, valid, headers);

      expect([...both, repeat].map(({ status }) => status)).toEqual(Array(3).fill(endpoint.success));
      expect([both.filter(isReplay).length, isReplay(repeat)]).toEqual([1, true]);
      const [first, ...others] = [...both, repeat].map(({ body }) => withoutSecrets(body));
      expect(others).toEqual([first, first]);

      const other = await world.send(endpoint, await ask(endpoint), headers);
      expect([other.status, other.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    },
  );

  it.each(rows.filter(([, endpoint]) => !endpoint.idempotent))('%s ignores one', async (_id, endpoint) => {
    const headers = { 'idempotency-key': randomUUID() };

    for (let n = 0; n < 2; n++) {
      const answer = await world.send(endpoint, await ask(endpoint), headers);
      expect([answer.status, isReplay(answer)]).toEqual([endpoint.success, false]);
    }
  });
});

const published = new URL('../../shared/contract/endpoints-agent.json', import.meta.url);

(existsSync(published) ? describe : describe.skip)('the published Agent API', () => {
  it("is whole, but for the ledger's extras", () => {
    const all = JSON.parse(readFileSync(published, 'utf8')) as { id: string }[];
    const ours = new Set(endpoints.map(({ id }) => id));

    expect(all.map(({ id }) => id).filter((id) => !ours.has(id))).toEqual([
      'agent.transactions.reverse',
      'agent.transactions.activate',
      'agent.transactions.batch',
      'agent.transactions.receipt',
      'agent.ledger.verify',
      'agent.holds.create',
      'agent.holds.get',
      'agent.holds.capture',
      'agent.holds.release',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Call } from '@punchcard/contracts';
import { AppError, PLATFORM_ID } from '@punchcard/contracts';
import { signCaller } from '../src/index.ts';
import { callerSecrets, givenCaller, givenService, waitFor } from './given.ts';

const NOTES = '/api/agent/v1/partner/notes';
const ID = '0195743e-6c00-7c1a-8f53-2f1b7f0a1c11';

let running: Awaited<ReturnType<typeof givenService>>;
let isStoreThere = true;
let seen: Call | undefined;
beforeAll(async () => {
  running = await givenService({
    ready: { store: () => isStoreThere },
    beforeHandler: async (call) => {
      seen = call;
      if (call.language === 'refuse') throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 3 });
    },
  });
});
afterAll(() => running.service.close());

const create = (body: object, rest: object = {}) =>
  running.ask(NOTES, { method: 'POST', body: JSON.stringify(body), ...rest });
const fail = (how: string) => running.ask('/internal/notes/fail', { method: 'POST', body: JSON.stringify({ how }) });

describe('an answer', () => {
  it('of the Agent API has error and data, the declared status, and the mark of the write', async () => {
    const answer = await create({ title: ' a ' });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ error: false, data: { title: 'a', idempotency: null, hash: expect.any(String) } });
    expect(answer.headers.get('punchcard-mark')).toBe('ledger:7');
    expect(answer.headers.get('punchcard-replayed')).toBeNull();
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('of the Partner API has success, data, meta and the request id', async () => {
    const caller = givenCaller();

    const answer = await running.ask('/api/partners/notes', { caller });

    expect(answer.body).toEqual({
      success: true,
      data: [{ id: expect.any(String) }],
      meta: { current_page: 2, last_page: 3, per_page: 15, total: 31 },
      request_id: caller.request_id,
    });
    expect(answer.headers.get('x-request-id')).toBe(caller.request_id);
  });

  it('says that it is a replay, and is then not checked again', async () => {
    const answer = await create({ title: 'replayed' });

    expect(answer.headers.get('punchcard-replayed')).toBe('true');
  });

  it('holds nothing that its schema does not name', async () => {
    const answer = await running.ask(`${NOTES}/${ID}`);

    expect(answer.body).toEqual({ error: false, data: { id: ID } });
  });

  it('to HEAD is that to GET without a body', async () => {
    const answer = await running.ask(`${NOTES}/${ID}`, { method: 'HEAD' });

    expect([answer.status, answer.raw]).toEqual([200, '']);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(10);
  });

  it('to PATCH is that to PUT', async () => {
    const answer = await running.ask(`${NOTES}/${ID}`, { method: 'PATCH', body: '{"title":"b"}' });

    expect(answer.body).toEqual({ error: false, data: { id: ID } });
  });
});

describe('a call', () => {
  it('knows caller, marks, language and the instant', async () => {
    const caller = givenCaller();

    await running.ask(`${NOTES}/${ID}`, {
      caller,
      headers: { 'punchcard-marks': 'catalog:12,members:7,catalog:9,x', 'accept-language': 'lt' },
    });

    expect(seen).toMatchObject({ caller, requestId: caller.request_id, params: { id: ID }, query: {}, language: 'lt' });
    expect(seen?.marks).toEqual({ catalog: 12, members: 7 });
    expect(Math.abs(Date.now() - (seen?.now.getTime() ?? 0))).toBeLessThan(10_000);
  });

  it.each([
    ['partner', { role: 'partner' as const }, { scope: 'partner' }],
    ['member', { role: 'member' as const, member_id: ID }, { scope: `member:${ID}` }],
    ['admin', { role: 'admin' as const, partner_id: null }, { scope: 'platform', partnerId: PLATFORM_ID }],
    ['join', { role: 'public' as const, partner_id: null, ip: '192.0.2.7' }, { scope: 'join:192.0.2.7' }],
  ])('of a %s has the scope of its Idempotency-Key', async (_name, rest, expected) => {
    const caller = givenCaller(rest);

    await create({ title: 'a' }, { caller, headers: { 'idempotency-key': 'order-1' } });

    expect(seen?.idempotency).toMatchObject({
      key: 'order-1',
      requestHash: seen?.requestHash,
      partnerId: caller.partner_id ?? PLATFORM_ID,
      ...expected,
    });
  });

  it('is the same request whatever the order of fields and the white space, and another one with other values', async () => {
    const hashOf = async (body: string, query = '') => {
      await running.ask(NOTES + query, { method: 'POST', body });
      return seen?.requestHash;
    };

    const first = await hashOf('{"title":"a","points":5}');

    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf('{ "points": 5.0, "title": "a" }')).toBe(first);
    expect(await hashOf('{"title":"a","points":6}')).not.toBe(first);
    expect(await hashOf('{"title":"a","points":5}', '?explain=true')).not.toBe(first);
  });
});

describe('a caller token', () => {
  const get = (headers: Record<string, string>) => fetch(`${running.url}${NOTES}/${ID}`, { headers });
  const tokenFor = (path: string, rest: object = {}, secrets = callerSecrets) =>
    signCaller(givenCaller(), { audience: 'ledger', method: 'GET', path, ...rest }, secrets);
  const PATH = `${NOTES}/${ID}`;

  it('must be there', async () => {
    const answer = await get({});

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: true, code: 'AUTH_MISSING_KEY' });
    expect(answer.headers.get('punchcard-token-refused')).toBe('true');
  });

  it.each<[string, () => string]>([
    ['of another service', () => tokenFor(PATH, { audience: 'members' })],
    ['of another method', () => tokenFor(PATH, { method: 'POST' })],
    ['of another path', () => tokenFor(`${NOTES}/other`)],
    ['past its end', () => tokenFor(PATH, { now: new Date(Date.now() - 60_000) })],
    [
      'signed with another secret',
      () => tokenFor(PATH, {}, [{ kid: 'test', secret: 'another secret, long enough as well' }]),
    ],
    ['of an unknown secret', () => tokenFor(PATH, {}, [{ ...callerSecrets[0]!, kid: 'other' }])],
    ['that is none', () => 'a.b.c'],
    ['that is unsigned', () => `${Buffer.from('{"alg":"none","kid":"test"}').toString('base64url')}.e30.`],
  ])('%s is refused', async (_name, token) => {
    const answer = await get({ 'punchcard-caller': token() });

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'AUTH_INVALID_KEY' });
  });

  it('is looked at after the media type and before the body', async () => {
    const answer = await fetch(running.url + NOTES, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });

    expect(answer.status).toBe(401);
  });
});

describe('a failure', () => {
  it.each(['bug', 'answer', 'status'])('of our own (%s) is 500 and tells nothing of itself', async (how) => {
    const answer = await fail(how);

    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'INTERNAL_ERROR', retry_strategy: 'backoff' });
    expect(answer.raw).not.toMatch(/secret|schema|stack|\.ts|status/);
  });

  it('of the store is 503 with Retry-After', async () => {
    const answer = await fail('store');

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body).toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { service: 'ledger' } });
    expect(answer.raw).not.toMatch(/10\.0\.0\.7/);
  });

  it('before the handler is an answer too', async () => {
    const answer = await running.ask(`${NOTES}/${ID}`, { headers: { 'accept-language': 'refuse' } });

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
  });
});

describe('operations', () => {
  it('tell that the process lives', async () => {
    expect(await running.ask('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
  });

  it('tell whether every part is there, soon after a change', async () => {
    const readiness = () => running.ask('/health/ready');

    isStoreThere = false;
    const without = await waitFor('a part that is away', readiness, ({ status }) => status === 503);
    isStoreThere = true;
    const again = await waitFor('the part that is back', readiness, ({ status }) => status === 200);

    expect(without.body).toEqual({ status: 'not_ready', checks: { store: 'failed', open: 'ok' } });
    expect(again.body).toEqual({ status: 'ready', checks: { store: 'ok', open: 'ok' } });
  });

  it('count requests by endpoint and status', async () => {
    await running.ask(`${NOTES}/${ID}`);

    const { raw } = await running.ask('/metrics');

    expect(raw).toMatch(/punchcard_request_duration_seconds_count\{.*endpoint="agent.notes.get",status="200".*\} \d+/);
    expect(raw).toMatch(/process_cpu_seconds_total/);
  });
});

describe('closing', () => {
  it('lets the requests under way end and takes no new ones', async () => {
    const underWay = Promise.withResolvers<void>();
    const other = await givenService({ beforeHandler: async () => underWay.resolve() });
    const slow = other.ask('/internal/notes/fail', { method: 'POST', body: '{"how":"slow"}' });
    await underWay.promise;

    const closed = other.service.close();

    expect((await slow).status).toBe(200);
    await closed;
    await expect(other.ask('/health/live')).rejects.toThrow('fetch failed');
  });
});

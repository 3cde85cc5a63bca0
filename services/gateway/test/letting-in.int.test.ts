import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { endpoints, type Endpoint, type KeyRole } from '@punchcard/contracts';
import { newKey } from '@punchcard/service-kit';
import { givenAgentKey, givenKeyPair, givenKeyRecord } from './given.ts';
import { givenHouse, type House } from './given-house.ts';
import { call, someAddress } from './http.ts';

let house: House;
beforeAll(async () => {
  house = await givenHouse();
});
afterAll(() => house.stop());
beforeEach(() => {
  house.service.seen.length = 0;
});

const clubs = '/api/agent/v1/partner/clubs';
const overview = '/api/partners/analytics/overview';
const get = (path: string, headers: Record<string, string> = {}) =>
  call(house.gateway.url, path, { headers: { 'x-forwarded-for': someAddress(), ...headers } });

describe('an agent key', () => {
  it('lets its partner in, and the service is told who calls', async () => {
    const given = givenAgentKey();
    const headers = house.headersOf(given);

    const answer = await get(`${clubs}?page=2`, headers);

    expect(answer).toMatchObject({ status: 200, body: { error: false, data: [] } });
    expect(house.service.seen[0]).toMatchObject({
      method: 'GET',
      url: `${clubs}?page=2`,
      caller: {
        role: 'partner',
        via: 'agent_key',
        partner_id: given.partnerId,
        key_id: given.record.key_id,
        scopes: ['read'],
        request_id: answer.headers['x-request-id'],
        ip: headers['x-forwarded-for'],
        partner: { id: given.partnerId, plan: 'enterprise', currency: 'EUR' },
      },
    });
  });

  it.each([
    ['missing', undefined, 'AUTH_MISSING_KEY'],
    ['of the wrong form', 'rl_agent_short', 'AUTH_INVALID_KEY'],
    ['unknown', newKey('partner'), 'AUTH_INVALID_KEY'],
    ['a key of the other API', newKey('api_key'), 'AUTH_INVALID_KEY'],
  ])('is refused when it is %s', async (_name, key, code) => {
    const answer = await get(clubs, key === undefined ? {} : { 'x-agent-key': key });

    expect(answer).toMatchObject({ status: 401, body: { error: true, code, retry_strategy: 'no_retry' } });
    expect(answer.body.request_id).toBe(answer.headers['x-request-id']);
    expect(answer.headers['x-ratelimit-tier']).toBe('public');
  });

  it('is refused once it was revoked or has expired', async () => {
    const past = '2026-03-08T09:00:00.000Z';
    const revoked = house.headersOf(givenAgentKey({ revoked_at: past }));
    const expired = house.headersOf(givenAgentKey({ expires_at: past }));

    expect(await get(clubs, revoked)).toMatchObject({ status: 401, body: { code: 'AUTH_KEY_INACTIVE' } });
    expect(await get(clubs, expired)).toMatchObject({
      status: 401,
      body: { code: 'AUTH_KEY_EXPIRED', details: { expired_at: past } },
    });
  });

  it('expires at its instant, with the record in memory', async () => {
    const soon = new Date(Date.now() + 6_000).toISOString();
    const headers = house.headersOf(givenAgentKey({ expires_at: soon }));

    expect(await get(clubs, headers)).toMatchObject({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, Date.parse(soon) - Date.now() + 5));

    expect(await get(clubs, headers)).toMatchObject({ status: 401, body: { code: 'AUTH_KEY_EXPIRED' } });
  });

  it('of a suspended partner is refused, with the numbers of the partner in the headers', async () => {
    const answer = await get(clubs, house.headersOf(givenAgentKey({ partner: { status: 'suspended' } })));

    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'AUTH_OWNER_INACTIVE', details: { account: 'partner' } },
    });
    expect(answer.headers).toMatchObject({ 'x-ratelimit-tier': 'enterprise', 'x-ratelimit-remaining': '9999' });
  });

  it('is asked for once, however many of its calls come at once', async () => {
    const headers = house.headersOf(givenAgentKey());
    const before = house.partners.state.asked;

    await Promise.all(Array.from({ length: 20 }, () => get(clubs, headers)));
    await get(clubs, headers);

    expect(house.partners.state.asked - before).toBe(1);
  });
});

describe('a key pair', () => {
  it('lets its partner in', async () => {
    const given = givenKeyPair({ shop_ids: ['0195743e-6c00-7c1a-8f53-2f1b7f0a1c11'] });

    expect(await get(overview, house.headersOf(given))).toMatchObject({ status: 200 });
    expect(house.service.seen[0]!.caller).toMatchObject({
      via: 'api_key',
      partner_id: given.partnerId,
      permissions: ['analytics:read'],
      shop_ids: ['0195743e-6c00-7c1a-8f53-2f1b7f0a1c11'],
    });
  });

  const past = '2026-03-08T09:00:00.000Z';
  it.each([
    ['missing', {}, {}, 'missing_credentials'],
    ['half there', {}, { 'x-api-key': newKey('api_key') }, 'missing_credentials'],
    ['unknown', {}, { 'x-api-key': newKey('api_key'), 'x-api-secret': newKey('api_secret') }, 'key_invalid'],
    ['sent with a wrong secret', {}, { 'x-api-secret': newKey('api_secret') }, 'key_invalid'],
    ['past its end', { expires_at: past }, {}, 'key_expired'],
    ['revoked', { revoked_at: past }, {}, 'key_revoked'],
    ['sent from elsewhere', { allowed_ips: ['192.0.2.1'] }, {}, 'ip_not_allowed'],
    ['sent beside a token', {}, { authorization: 'Bearer x' }, 'ambiguous_credentials'],
  ] as const)('is refused when it is %s', async (...[name, changes, sent, reason]) => {
    const isOnlySent = name === 'missing' || name === 'half there' || name === 'unknown';
    const headers = isOnlySent
      ? sent
      : {
          ...house.headersOf(
            givenKeyPair({ ...changes, allowed_ips: [...('allowed_ips' in changes ? changes.allowed_ips : [])] }),
          ),
          ...sent,
        };

    const answer = await get(overview, headers);

    expect(answer).toMatchObject({ status: 401, body: { success: false, error: { code: 'UNAUTHORIZED', reason } } });
    expect(answer.body.request_id).toBe(answer.headers['x-request-id']);
  });

  it('is not replaced by a token: there are no logins yet', async () => {
    expect(await get(overview, { authorization: 'Bearer x' })).toMatchObject({
      status: 401,
      body: { error: { code: 'UNAUTHORIZED', reason: 'token_invalid' } },
    });
  });

  it('is refused for another partner and without the permission', async () => {
    const headers = house.headersOf(givenKeyPair({ permissions: ['shops:read'] }));

    expect(await get(overview, { ...headers, 'x-partner-id': 'other' })).toMatchObject({
      status: 403,
      body: { error: { code: 'PARTNER_MISMATCH' } },
    });
    expect(await get(overview, headers)).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN', required_permissions: ['analytics:read'], reason: 'permission_missing' } },
    });
  });
});

describe('every endpoint of the table', () => {
  const keyed = endpoints.filter(({ dialect, role }) => dialect !== 'internal' && role !== 'public');
  const pathOf = ({ path }: Endpoint) => path.replace(/\{\w+\}/g, '0195743e-6c00-7c1a-8f53-2f1b7f0a1c11');
  const send = (endpoint: Endpoint, headers: Record<string, string>) =>
    call(house.gateway.url, pathOf(endpoint), {
      method: endpoint.method,
      headers: { 'x-forwarded-for': someAddress(), ...headers },
      ...(endpoint.body ? { body: '{}' } : {}),
    });
  const byId = (list: readonly Endpoint[]) => list.map((endpoint) => [endpoint.id, endpoint] as const);

  it.each(byId(keyed))('%s wants a key', async (_id, endpoint) => {
    expect((await send(endpoint, {})).status).toBe(401);
  });

  it.each(byId(keyed.filter(({ dialect, role }) => dialect === 'agent' && role !== 'any')))(
    '%s wants its role, then a scope',
    async (_id, endpoint) => {
      const role = endpoint.role as KeyRole;
      const otherRole = role === 'member' ? 'partner' : 'member';
      const other = house.headersOf(givenAgentKey({ role: otherRole, scopes: ['admin'] }));
      const bare = house.headersOf(givenAgentKey({ role, scopes: [] }));

      expect(await send(endpoint, other)).toMatchObject({
        status: 403,
        body: { code: 'AUTH_WRONG_ROLE', details: { key_role: otherRole, required_role: role } },
      });
      expect(await send(endpoint, bare)).toMatchObject({
        status: 403,
        body: { code: 'AUTH_INSUFFICIENT_SCOPE', details: { required_scopes: endpoint.scopes, key_scopes: [] } },
      });
      expect(house.service.seen).toEqual([]);
    },
  );

  it.each(endpoints.filter(({ dialect }) => dialect === 'internal').map(({ id, path }) => [id, path]))(
    '%s is no path of the gateway',
    async (_id, path) => {
      expect(await get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    },
  );
});

describe('gates', () => {
  const closed = (name: string) => ({ partner: { gates: { ...givenKeyRecord().partner!.gates, [name]: false } } });

  it('close the Agent API of a partner and of its members', async () => {
    const [partner, member] = (['partner', 'member'] as const).map((role) =>
      house.headersOf(givenAgentKey({ role, ...closed('agent_api_permission') })),
    );

    for (const headers of [partner!, member!]) {
      expect(await get('/api/agent/v1/health', headers)).toMatchObject({
        status: 403,
        body: {
          code: 'FEATURE_DISABLED',
          message: 'Agent API access is not enabled for this partner.',
          details: { feature: 'agent_api' },
        },
      });
    }
  });

  it('close a resource and leave health open', async () => {
    const headers = house.headersOf(givenAgentKey(closed('loyalty_cards_permission')));

    expect(await get('/api/agent/v1/partner/cards', headers)).toMatchObject({
      status: 403,
      body: { code: 'FEATURE_DISABLED', details: { feature: 'loyalty_cards' } },
    });
    expect(await get('/api/agent/v1/health', headers)).toMatchObject({ status: 200 });
  });
});

describe('GET /api/agent/v1/health', () => {
  it('tells the key and its owner', async () => {
    const { record, ...given } = givenAgentKey({ role: 'admin', scopes: ['read'] });

    const answer = await get('/api/agent/v1/health', house.headersOf({ ...given, record }));

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-ratelimit-tier': 'admin', 'x-ratelimit-limit': '60000' },
      body: { error: false, data: { status: 'ok', owner: record.owner, version: '0.1.0' } },
    });
    expect(Object.keys(answer.body.data.key).sort()).toEqual(
      ['created_at', 'expires_at', 'last_used_at', 'name', 'prefix', 'rate_limit', 'role', 'scopes'].sort(),
    );
  });

  it.each([
    ['an unknown', '?surprise=1'],
    ['a repeated unknown', '?surprise=1&surprise=2'],
  ])('names %s query parameter', async (_name, query) => {
    const answer = await get(`/api/agent/v1/health${query}`, house.headersOf(givenAgentKey()));

    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    expect(Object.keys(answer.body.details.errors)).toEqual(['surprise']);
  });

  it('is degraded while a service is not ready, and still 200', async () => {
    const headers = house.headersOf(givenAgentKey());
    house.service.isReady = false;
    await new Promise((resolve) => setTimeout(resolve, 1_050));

    const degraded = await get('/api/agent/v1/health', headers);
    house.service.isReady = true;

    expect(degraded).toMatchObject({ status: 200, body: { data: { status: 'degraded' } } });
  });
});

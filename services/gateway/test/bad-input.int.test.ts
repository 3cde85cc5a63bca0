import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAgentKey } from './given.ts';
import { givenHouse, type House } from './given-house.ts';
import { call, raw, someAddress, type Sending } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';

let house: House;
beforeAll(async () => {
  house = await givenHouse();
});
afterAll(() => house.stop());

const go = (path: string, { headers = {}, ...rest }: Sending = {}) =>
  call(house.gateway.url, path, { ...rest, headers: { 'x-forwarded-for': someAddress(), ...headers } });
const rateHeaders = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-ratelimit-tier',
  'ratelimit-policy',
  'ratelimit',
  'x-request-id',
];

describe('a path', () => {
  it.each([
    '/',
    '/api',
    '/api/agent/v1',
    '/api/agent/v1/nowhere',
    `${clubs}/`,
    `/${clubs}`,
    `${clubs}//x`,
    `${clubs}/a/b/c`,
    '/api/agent/v1/partner/../partner/clubs',
    '/api/agent/v1/partner/clubs/%',
    '/api/agent/v1/partner/clubs/%ff',
    '/API/AGENT/V1/PARTNER/CLUBS',
    '/internal/keys/find',
    '/health',
    '/health/',
    '/health/nothing',
    '/favicon.ico',
  ])('that nobody has is 404: %s', async (path) => {
    const answer = await go(path);

    expect(answer).toMatchObject({ status: 404, body: { error: true, code: 'NOT_FOUND', retry_strategy: 'no_retry' } });
  });

  it.each(['/api/partners', '/api/partners/', '/api/partners/nowhere', '/api/partners/shops/%00'])(
    'of the Partner API is refused in its words: %s',
    async (path) => {
      expect(await go(path)).toMatchObject({ status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } });
    },
  );

  it.each(['%00', '..', '%2e%2e%2f', "'; drop table clubs; --", '%F0%9F%8D%B0'])(
    'with %s for an id goes to the service, which knows ids',
    async (id) => {
      const headers = house.headersOf(givenAgentKey());

      expect((await go(`${clubs}/${id.replaceAll(' ', '%20')}`, { headers })).status).toBe(200);
    },
  );

  it('of 8 kB is looked for like any other', async () => {
    const headers = house.headersOf(givenAgentKey());

    expect((await go(`/${'x'.repeat(8_000)}`)).status).toBe(404);
    expect((await go(`${clubs}/${'x'.repeat(8_000)}`, { headers })).status).toBe(200);
  });

  it('of 100 kB is refused, and the connection closed', async () => {
    const text = await raw(house.gateway.port, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);

    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toMatch(/connection: close/i);
  });

  it('in the form for proxies is none of ours', async () => {
    expect(
      await raw(house.gateway.port, 'GET http://other.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('a method', () => {
  it.each(['DELETE', 'PUT', 'PATCH', 'PROPFIND', 'TRACE'])('that a path does not have is 405: %s', async (method) => {
    const answer = await go(clubs, { method });

    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS, POST' } });
    expect(answer.body).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      details: { allowed: ['GET', 'HEAD', 'OPTIONS', 'POST'] },
    });
    expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(rateHeaders));
  });

  it.each([
    [clubs, 405, 'METHOD_NOT_ALLOWED'],
    ['/nowhere', 404, 'NOT_FOUND'],
    ['/api/partners/analytics/overview?x=1', 405, 'METHOD_NOT_ALLOWED'],
  ])('that nobody ever heard of is refused like any other: %s', async (path, status, code) => {
    const text = await raw(house.gateway.port, `BREW ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);

    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain(`"code":"${code}"`);
    expect(text).toMatch(/X-Request-Id: [0-9a-f-]{36}/);
  });

  it('OPTIONS answers for browsers', async () => {
    const answer = await go(clubs, { method: 'OPTIONS', headers: { origin: 'https://x.example' } });

    expect(answer).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, OPTIONS, POST',
        'access-control-max-age': '86400',
      },
    });
    expect(answer.headers['access-control-allow-headers']).toContain('X-Agent-Key');
    expect((await go('/nowhere', { method: 'OPTIONS' })).status).toBe(404);
  });
});

describe('a body', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json; charset=latin1',
    '',
  ])('of type "%s" is 415, before the key is looked at', async (type) => {
    expect(await go(clubs, { method: 'POST', body: '{}', headers: { 'content-type': type } })).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE', details: { received: type || null } },
    });
  });

  it('above 1 MiB is 413 at once, and its connection can go on', async () => {
    const answer = await go(clubs, { method: 'POST', body: Buffer.alloc(10 * 2 ** 20, ' ') });

    expect(answer).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', details: { maximum_bytes: 1_048_576 } },
    });
    expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(rateHeaders));
  });

  it('above 1 MiB that does not say so is 413 when it gets there', async () => {
    const headers = { ...house.headersOf(givenAgentKey({ scopes: ['admin'] })), 'transfer-encoding': 'chunked' };

    const answer = await go(clubs, { method: 'POST', body: Buffer.alloc(3 * 2 ** 20, ' '), headers });

    expect(answer).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('without a good key is 401', async () => {
    expect((await go(clubs, { method: 'POST', body: '{' })).status).toBe(401);
  });
});

describe('headers', () => {
  it.each([
    ['two keys', 'X-Agent-Key: a\r\nX-Agent-Key: b\r\n', 401],
    ['a key of 10 kB', `X-Agent-Key: ${'x'.repeat(10_000)}\r\n`, 401],
    ['a key with bytes above 127', 'X-Agent-Key: rl_agent_\xff\xfe\r\n', 401],
    ['headers of 100 kB', `X-Junk: ${'x'.repeat(100_000)}\r\n`, 431],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n', 400],
    ['a length that is none', 'Content-Length: many\r\n', 400],
    ['a length and chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', 400],
    ['a header without a name', ': x\r\n', 400],
    ['a NUL', 'X-Junk: a\0b\r\n', 400],
  ])('with %s are refused', async (_name, lines, status) => {
    const text = await raw(house.gateway.port, `GET ${clubs} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`);

    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).not.toContain('    at ');
  });

  it.each(['\x16\x03\x01', 'hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET\r\n\r\n'])(
    'that are not HTTP are closed: %j',
    async (text) => {
      expect(await raw(house.gateway.port, text)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
    },
  );

  it('without a host are refused', async () => {
    expect(await raw(house.gateway.port, `GET ${clubs} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that ask to upgrade or connect get no further', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

    expect(await raw(house.gateway.port, `GET ${clubs} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)).toMatch(
      /^HTTP\/1\.1 401 /,
    );
    expect(await raw(house.gateway.port, 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n')).not.toMatch(/^HTTP\/1\.1 [25]/);
  });
});

import { request as send } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { givenAgentKey } from './given.ts';
import { answerJson, givenHouse, type House } from './given-house.ts';
import { call, someAddress, type Sending } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';
const purchase = '/api/agent/v1/partner/transactions/purchase';

let house: House;
beforeAll(async () => {
  house = await givenHouse();
});
afterAll(() => house.stop());
afterEach(() => {
  house.service.seen.length = 0;
  house.service.onHead = null;
  house.service.answer = answerJson(200, { error: false, data: [] });
});

const manager = () => house.headersOf(givenAgentKey({ scopes: ['admin'] }));
const go = (path: string, { headers = {}, ...rest }: Sending = {}) =>
  call(house.gateway.url, path, { ...rest, headers: { ...manager(), ...headers } });

describe('a request that is let in', () => {
  it('reaches the service as it was sent, query and body', async () => {
    const body = JSON.stringify({ name: 'Old Town ☕' });

    await go(`${clubs}?a=1&b=%20x`, {
      method: 'POST',
      body,
      headers: { 'idempotency-key': 'k 1', 'accept-language': 'lt' },
    });

    expect(house.service.seen).toMatchObject([
      {
        method: 'POST',
        url: `${clubs}?a=1&b=%20x`,
        body,
        headers: { 'idempotency-key': 'k 1', 'accept-language': 'lt', 'content-type': 'application/json' },
      },
    ]);
  });

  it.each([
    ['of known length', 300_000, {}],
    ['sent in chunks', 300_000, { 'transfer-encoding': 'chunked' }],
    ['that is small and sent in chunks', 10, { 'transfer-encoding': 'chunked' }],
    ['as large as is allowed', 2 ** 20 - 2, {}],
  ])('may have a body %s', async (_name, length, headers) => {
    const body = `"${'x'.repeat(length)}"`;

    expect(await go(clubs, { method: 'POST', body, headers })).toMatchObject({ status: 200 });

    expect(house.service.seen[0]!.body).toBe(body);
  });

  it('leaves its credentials, forwarding and punchcard headers behind', async () => {
    const foreign = {
      'punchcard-caller': 'forged',
      'punchcard-marks': 'catalog:999',
      'x-real-ip': '192.0.2.66',
      cookie: 'a=b',
      te: 'trailers',
    };

    await go(clubs, { headers: foreign });

    const { headers, caller } = house.service.seen[0]!;
    expect(Object.keys(headers).sort()).toEqual(['connection', 'host', 'punchcard-caller', 'x-request-id']);
    expect(caller.role).toBe('partner');
  });

  it('carries its trace on', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;

    await go(clubs, { headers: { traceparent } });
    await go(clubs, { headers: { traceparent: 'rubbish' } });

    expect(house.service.seen.map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined]);
  });

  it('keeps the id that the caller gave it', async () => {
    const answer = await go(clubs, { headers: { 'x-request-id': 'till-7.1' } });

    expect(answer.headers['x-request-id']).toBe('till-7.1');
    expect(house.service.seen[0]).toMatchObject({
      headers: { 'x-request-id': 'till-7.1' },
      caller: { request_id: 'till-7.1' },
    });
  });

  it('may be HEAD where GET is, and PATCH where PUT is', async () => {
    house.service.answer = (_seen, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '7' }).end('{"a":1}');

    const head = await go(clubs, { method: 'HEAD' });
    const patch = await go(`${clubs}/0195743e-6c00-7c1a-8f53-2f1b7f0a1c11`, { method: 'PATCH', body: '{}' });

    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '7' } });
    expect(patch.status).toBe(200);
    expect(house.service.seen.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  it('is asked for its body only once it was let in', async () => {
    const headers = { ...manager(), expect: '100-continue', 'content-length': '2', 'content-type': 'application/json' };
    const { port } = house.gateway;

    const events: string[] = [];
    await new Promise<void>((resolve) => {
      const request = send({ port, path: clubs, method: 'POST', headers }, (response) => {
        events.push(`${response.statusCode}`);
        response.resume().on('end', resolve);
      });
      request.on('continue', () => {
        events.push('continue');
        request.end('{}');
      });
      request.flushHeaders();
    });

    expect(events).toEqual(['continue', '200']);
    expect(house.service.seen[0]!.body).toBe('{}');
  });
});

describe('an answer', () => {
  it('comes back as the service gave it, with the headers of the gateway', async () => {
    house.service.answer = answerJson(
      422,
      { error: true, code: 'INSUFFICIENT_POINTS' },
      {
        'x-request-id': 'of the service',
        'punchcard-something': 'x',
        'set-cookie': 'a=b',
        etag: '"1"',
      },
    );

    const answer = await go(purchase, { method: 'POST', body: '{}' });

    expect(answer).toMatchObject({ status: 422, body: { code: 'INSUFFICIENT_POINTS' }, headers: { etag: '"1"' } });
    expect(answer.headers).toMatchObject({ 'x-ratelimit-limit': '10000', 'x-ratelimit-tier': 'enterprise' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(
      Object.keys(answer.headers).filter((name) => name.startsWith('punchcard-') || name === 'set-cookie'),
    ).toEqual([]);
  });

  it('says when it is a replay', async () => {
    house.service.answer = answerJson(200, {}, { 'punchcard-replayed': 'true' });

    expect((await go(purchase, { method: 'POST', body: '{}' })).headers['idempotency-replayed']).toBe('true');
  });

  it('streams, however large, no faster than the client reads', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let written = 0;
    house.service.answer = (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const write = () => {
        while (written < 64 * 2 ** 20) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    };
    const headers = manager();

    const received = await new Promise<number>((resolve, reject) => {
      send({ port: house.gateway.port, path: clubs, headers }, (response) => {
        response.pause();
        setTimeout(() => {
          expect(written).toBeLessThan(32 * 2 ** 20);
          let size = 0;
          response.on('data', ({ length }: Buffer) => (size += length));
          response.on('end', () => resolve(size));
          response.resume();
        }, 300);
      })
        .on('error', reject)
        .end();
    });

    expect(received).toBe(64 * 2 ** 20);
  });

  it('is shown at once when the service sends its head before its body', async () => {
    let finish = () => {};
    house.service.answer = (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      finish = () => void response.end('{}');
    };
    const headers = manager();

    await new Promise<void>((resolve, reject) => {
      send({ port: house.gateway.port, path: clubs, headers }, (response) => {
        response.resume().on('end', resolve);
        finish();
      })
        .on('error', reject)
        .end();
    });
  });
});

describe('a mark', () => {
  it('of a write goes along with the next calls of the partner, and of no other', async () => {
    const headers = manager();
    house.service.answer = answerJson(201, { error: false, data: {} }, { 'punchcard-mark': 'catalog:12' });
    await call(house.gateway.url, clubs, { method: 'POST', body: '{}', headers });
    house.service.answer = answerJson(200, { error: false, data: [] });

    await call(house.gateway.url, purchase, { method: 'POST', body: '{}', headers });
    await go(clubs);

    expect(house.service.seen.map((seen) => seen.headers['punchcard-marks'])).toEqual([
      undefined,
      'catalog:12',
      undefined,
    ]);
  });
});

describe('a service that fails', () => {
  let hasty: House;
  beforeAll(async () => {
    hasty = await givenHouse({ GATEWAY_UPSTREAM_TIMEOUT_MS: '600' });
  });
  afterAll(() => hasty.stop());
  const goInHaste = (path: string, sending: Sending = {}) =>
    call(hasty.gateway.url, path, { ...sending, headers: hasty.headersOf(givenAgentKey({ scopes: ['admin'] })) });

  it('by not answering in time is 504, and is not asked again', async () => {
    let asked = 0;
    hasty.service.answer = () => asked++;

    expect(await goInHaste(purchase, { method: 'POST', body: '{}' })).toMatchObject({
      status: 504,
      body: { code: 'UPSTREAM_TIMEOUT', retry_strategy: 'backoff', details: { service: 'ledger' } },
    });
    expect(asked).toBe(1);
  });

  it('by dying before its answer is 503, and a write is not sent again', async () => {
    let asked = 0;
    house.service.answer = (_seen, _response, request) => {
      asked++;
      request.socket.destroy();
    };

    expect(await go(purchase, { method: 'POST', body: '{}' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'SERVICE_UNAVAILABLE', retry_strategy: 'backoff', details: { service: 'ledger' } },
    });
    expect(asked).toBe(1);
  });

  it('by dying before the answer to a read is asked once more', async () => {
    let asked = 0;
    house.service.answer = (seen, response, request) => {
      if (asked++ === 0) request.socket.destroy();
      else answerJson(200, { error: false, data: [] })(seen, response, request);
    };

    expect(await go(clubs)).toMatchObject({ status: 200 });
  });

  it('by dying within its answer breaks the connection', async () => {
    house.service.answer = (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"half":');
      setTimeout(() => response.destroy(), 20);
    };

    await expect(go(clubs)).rejects.toThrow();
  });

  it('by stalling within its answer breaks the connection', async () => {
    hasty.service.answer = (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"half":');
    };

    await expect(goInHaste(clubs)).rejects.toThrow();
  });

  it('by refusing before it has read the body lets the client see why', async () => {
    house.service.onHead = (_request, response) =>
      response.writeHead(422, { 'content-type': 'application/json' }).end('{"error":true}');

    const answer = await go(clubs, {
      method: 'POST',
      body: `"${'x'.repeat(500_000)}"`,
      headers: { 'transfer-encoding': 'chunked' },
    });

    expect(answer.status).toBe(422);
  });
});

describe('a client that leaves', () => {
  it('takes its request at the service with it', async () => {
    let isGone = false;
    house.service.answer = (_seen, response) => response.on('close', () => (isGone = true));
    const request = send({ port: house.gateway.port, path: clubs, headers: manager() }).on('error', () => {});
    request.end();
    await waitFor('the request to arrive', () => house.service.seen.length === 1);

    request.destroy();

    await waitFor('the service to notice', () => isGone);
  });

  it('amid its body does no harm', async () => {
    for (const head of ['Content-Length: 500000', 'Content-Length: 500', 'Transfer-Encoding: chunked']) {
      const headers = Object.entries(manager()).map(([name, value]) => `${name}: ${value}\r\n`);
      const socket = connect(house.gateway.port, '127.0.0.1');
      socket.write(
        `POST ${clubs} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}\r\n${headers.join('')}\r\n5\r\n"half`,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }

    expect(await go(clubs)).toMatchObject({ status: 200 });
  });
});

describe('self-registration', () => {
  it('needs no key, and every site may offer it', async () => {
    const headers = { 'x-forwarded-for': someAddress(), origin: 'https://cafe.example' };

    const answer = await call(house.gateway.url, '/api/join/bean-and-bloom', { method: 'POST', body: '{}', headers });

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': '*', 'x-ratelimit-limit': '60', 'x-ratelimit-tier': 'public' },
    });
    expect(house.service.seen[0]).toMatchObject({
      url: '/api/join/bean-and-bloom',
      caller: { role: 'public', via: 'none', partner_id: null, ip: headers['x-forwarded-for'] },
    });
  });
});

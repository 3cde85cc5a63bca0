import { request as send } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAgentKey } from './given.ts';
import { answerJson, givenHouse, type House } from './given-house.ts';
import { call } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';

let house: House;
beforeAll(async () => {
  house = await givenHouse();
});
afterAll(() => house.stop());
afterEach(() => {
  house.service.seen.length = 0;
  house.service.answer = answerJson(200, { error: false, data: [] });
});

const manager = () => house.headersOf(givenAgentKey({ scopes: ['admin'] }));

describe('the token that tells a service who calls', () => {
  it.each([
    ['a small body', { 'content-length': '2' }],
    ['a body of unknown length', { 'transfer-encoding': 'chunked' }],
  ])('is made once the client has begun to send %s, however late', async (_name, length) => {
    const headers = { ...manager(), ...length, 'content-type': 'application/json' };
    let leftSeconds = 0;
    house.service.answer = (seen, response, request) => {
      const [, payload = ''] = String(seen.headers['punchcard-caller']).split('.');
      leftSeconds = JSON.parse(Buffer.from(payload, 'base64url').toString()).exp - Date.now() / 1_000;
      answerJson(200, { error: false, data: [] })(seen, response, request);
    };

    const status = await new Promise((resolve, reject) => {
      const request = send({ port: house.gateway.port, path: clubs, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject).flushHeaders();
      setTimeout(() => request.end('{}'), 4_000);
    });

    expect(status).toBe(200);
    // It lasts for 30 s; made with the head, 26 were left.
    expect(leftSeconds).toBeGreaterThan(27);
  });

  it('is between us and the service: refused, it is not the client who is told off', async () => {
    const refusal = { error: true, code: 'AUTH_INVALID_KEY', details: { reason: 'invalid_credentials' } };
    house.service.answer = answerJson(401, refusal, { 'punchcard-token-refused': 'true' });
    const headers = manager();

    for (const sending of [{ headers }, { headers, method: 'POST', body: '{}' }]) {
      expect(await call(house.gateway.url, clubs, sending)).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
        body: { code: 'SERVICE_UNAVAILABLE', details: { service: 'catalog' } },
      });
    }
  });
});

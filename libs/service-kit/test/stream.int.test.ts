import { once } from 'node:events';
import { subscribe } from 'node:diagnostics_channel';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, defineEndpoint, reply, streamed } from '@punchcard/contracts';
import { z } from 'zod';
import { createLog, createService, signCaller, systemCaller, type Service } from '../src/index.ts';
import { callerSecrets } from './given.ts';

const path = '/api/agent/v1/partner/pages';
const listPages = defineEndpoint({
  ...{ id: 'agent.pages.list', method: 'GET', path, dialect: 'agent', owner: 'ledger', role: 'partner', success: 200 },
  ...{ idempotent: false, alsoProduces: 'text/csv', summary: 'A test.' },
  query: z.strictObject({ fails: z.enum(['at once', 'before', 'midway', 'late']).optional() }),
  answer: z.array(z.string()),
  example: { answer: [] },
} as const);

/** More than the buffers of a connection hold. */
const LINES = 20_000;
let begun = 0;
let given = 0;
let ended = 0;

const left = Promise.withResolvers<void>();

async function* lines(fails: string | undefined): AsyncGenerator<string> {
  begun += 1;
  try {
    if (fails === 'before') throw new AppError('SERVICE_UNAVAILABLE');
    if (fails === 'late') await left.promise;
    for (let n = 0; n < LINES; n += 1) {
      if (fails === 'midway' && n === LINES / 2) throw new Error('The store went away.');
      given += 1;
      yield `${n},${'x'.repeat(1_000)}\r\n`;
    }
  } finally {
    ended += 1;
  }
}

let service: Service;
let url: string;

beforeAll(async () => {
  service = createService({
    ...{ name: 'ledger', port: 0, endpoints: [listPages], callerSecrets, ready: {} },
    log: createLog('test', { level: 'silent' }),
    handlers: {
      'agent.pages.list': async ({ query, media }) => {
        if (query.fails === 'at once') throw new AppError('NOT_FOUND');
        return media === 'text/csv'
          ? streamed({ type: 'text/csv', fileName: 'pages.csv', body: lines(query.fails) })
          : reply(['a']);
      },
    },
  });
  url = `http://127.0.0.1:${(await service.listen()).port}`;
});
afterAll(() => service.close());

const headersWith = (accept: string) => ({
  'punchcard-caller': signCaller(systemCaller(), { audience: 'ledger', method: 'GET', path }, callerSecrets),
  accept,
});

const get = (query = '', accept = 'text/csv') => fetch(`${url}${path}${query}`, { headers: headersWith(accept) });

describe('an answer that is streamed', () => {
  it('is sent whole, as an attachment of its medium, to who asks for it', async () => {
    const answer = await get();

    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="pages.csv"',
      'x-request-id': expect.any(String),
    });
    expect((await answer.text()).split('\r\n')).toHaveLength(LINES + 1);
    expect(await (await get('', 'application/json')).json()).toEqual({ error: false, data: ['a'] });
  });

  it.each([
    ['at%20once', 404, 'NOT_FOUND'],
    ['before', 503, 'SERVICE_UNAVAILABLE'],
    ['later', 422, 'VALIDATION_FAILED'],
  ])('is a refusal in JSON when it fails %s', async (fails, status, code) => {
    const answer = await get(`?fails=${fails}`);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: true, code });
  });

  it('breaks off when it fails half way, so that nobody takes it for the whole', async () => {
    const answer = await get('?fails=midway');

    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await (await get()).text()).toMatch(/^0,x+/);
  });

  it('ends those who make it when the client left before its first piece', async () => {
    const before = { begun, given, ended };
    const onRequest = (message: unknown) =>
      (message as { response: ServerResponse }).response.once('close', left.resolve);
    subscribe('http.server.request.start', onRequest);
    const leaving = request(`${url}${path}?fails=late`, { headers: headersWith('text/csv'), agent: false }).end();
    leaving.on('error', () => undefined);
    for (let tries = 0; begun === before.begun && tries < 500; tries += 1) await sleep(20);
    leaving.destroy();
    for (let tries = 0; ended === before.ended && tries < 500; tries += 1) await sleep(20);

    expect({ given, ended }).toEqual({ given: before.given + 1, ended: before.ended + 1 });
  });

  it('is made no faster than it is read, and no longer than the client stays', async () => {
    const before = { given, ended };
    // Not by fetch, which opens another connection once it has left, and says nothing on it.
    const leaving = request(url + path, { headers: headersWith('text/csv'), agent: false }).end();
    const [answer] = (await once(leaving, 'response')) as [IncomingMessage];
    await once(answer, 'readable');
    answer.destroy();
    for (let tries = 0; ended === before.ended && tries < 500; tries += 1) await sleep(20);

    expect(ended).toBe(before.ended + 1);
    expect(given - before.given).toBeLessThan(LINES);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endpoints as all, reply, sample, type Endpoint } from '@punchcard/contracts';
import fc from 'fast-check';
import { createHttpClient, createLog, createService, signCaller, type HttpClient, type Service } from '../src/index.ts';
import { callerSecrets, givenCaller } from './given.ts';

/** What the gateway serves itself is not mounted on a service; a page is no JSON, and takes what mailings add to its address. */
const endpoints = all.filter(({ owner, produces }) => owner !== 'gateway' && produces === undefined);

/** Every other endpoint of the table on one service, which answers with the example of the contract. */
const answerOf = ({ example, paged }: Endpoint) =>
  reply(example.answer, paged ? { pagination: { page: 1, perPage: 15, total: 1 } } : {});
const handlers = Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, async () => answerOf(endpoint)]));

let service: Service;
let http: HttpClient;
beforeAll(async () => {
  service = createService({
    name: 'ledger',
    port: 0,
    endpoints,
    handlers: handlers as never,
    callerSecrets,
    log: createLog('test', { level: 'silent' }),
    ready: {},
  });
  const { port } = await service.listen();
  http = createHttpClient({ baseUrl: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await http.close();
  await service.close();
});

const ids = { id: sample.cardId, cardId: sample.cardId, partner_slug: 'bean-and-bloom' };

function call(endpoint: Endpoint, { params, query, body }: { params?: unknown; query?: unknown; body?: unknown }) {
  const values = (params ?? ids) as Record<string, string>;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(values[name] ?? sample.cardId),
  );
  const token = signCaller(givenCaller(), { audience: 'ledger', method: endpoint.method, path }, callerSecrets);
  return http.call({ ...endpoint, path: path as `/${string}` }, {
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    headers: { 'punchcard-caller': token },
  } as never);
}

const cases = endpoints.map((endpoint) => ({ id: endpoint.id, endpoint }));

describe.each(cases)('$id', ({ endpoint }) => {
  it('takes the example of the contract and gives its answer', async () => {
    const { params, query, body } = endpoint.example;

    const answer = await call(endpoint, { params, query, body });

    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: endpoint.success });
  });

  it('refuses whatever else comes, and never fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }), fc.jsonValue(), async (query, body) => {
        const isRead = endpoint.method === 'GET';
        const { status } = await call(endpoint, isRead ? { query } : { query, body });
        expect([200, 201, 202, 400, 404, 422]).toContain(status);
      }),
      { numRuns: 15 },
    );
  });

  it('names an unknown field', async () => {
    const { status, body } = await call(
      endpoint,
      endpoint.method === 'GET' ? { query: { nothing: '1' } } : { body: { nothing: 1 } },
    );

    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('"nothing":["is not a');
  });
});

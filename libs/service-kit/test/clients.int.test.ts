import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal, defineEndpoint } from '@punchcard/contracts';
import { z } from 'zod';
import { createHttpClient, createInternalClient, type InternalClient } from '../src/index.ts';
import { callerSecrets, createNote, failNote, getNote, givenCaller, givenServer, givenService } from './given.ts';

const ID = '0195743e-6c00-7c1a-8f53-2f1b7f0a1c11';

let running: Awaited<ReturnType<typeof givenService>>;
let client: InternalClient;
let hasty: InternalClient;
beforeAll(async () => {
  running = await givenService();
  const options = { baseUrls: { ledger: running.url, members: 'http://127.0.0.1:1' }, callerSecrets };
  client = createInternalClient({ ...options, self: 'catalog', timeoutMs: 20_000 });
  hasty = createInternalClient({ ...options, self: 'catalog', timeoutMs: 200 });
});
afterAll(async () => {
  await Promise.all([client.close(), hasty.close()]);
  await running.service.close();
});

describe('the internal client', () => {
  it('gives the data of the answer', async () => {
    const caller = givenCaller();

    const note = await client.call(createNote, { body: { title: 'a' }, query: { explain: 'true' }, caller });

    expect(note).toMatchObject({ title: 'a' });
    expect(await client.call(getNote, { params: { id: ID }, caller, marks: { catalog: 3 } })).toEqual({ id: ID });
  });

  it("throws the callee's refusal with all its details, to be rendered once more", async () => {
    await expect(client.call(failNote, { body: { how: 'refusal' } })).rejects.toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      details: { required: 10, balance: 3 },
    });
  });

  it.each(['slow', 'store'] as const)('says who is not available when the callee is %s', async (how) => {
    await expect(hasty.call(failNote, { body: { how } })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { service: 'ledger' },
    });
  });

  it('says who is not available when nobody listens', async () => {
    await expect(client.call({ ...failNote, owner: 'members' }, { body: { how: 'bug' } })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { service: 'members' },
    });
  });

  it('takes a refusal of its own token for a failure of ours, not of the credentials of the call it is in', async () => {
    const stranger = createInternalClient({
      baseUrls: { ledger: running.url },
      callerSecrets: [{ kid: 'test', secret: 'not the secret of this deployment' }],
      self: 'catalog',
    });

    await expect(stranger.call(getNote, { params: { id: ID } })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await stranger.close();
  });

  it('takes an answer that is no JSON for a failure', async () => {
    const server = await givenServer(() => ({ status: 502, body: 'bad gateway' }));
    const other = createInternalClient({ baseUrls: { ledger: server.url }, callerSecrets, self: 'catalog' });

    await expect(other.call(getNote, { params: { id: ID } })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await other.close();
    await server.close();
  });
});

describe('the HTTP client', () => {
  it('gives status, headers and body, whatever they are', async () => {
    const http = createHttpClient({ baseUrl: running.url, headers: { 'x-always': '1' } });

    const answer = await http.call(getNote, { params: { id: 'a/b' } });

    expect(answer).toMatchObject({ status: 401, headers: { 'punchcard-token-refused': 'true' } });
    expect(answer.body['code']).toBe('AUTH_MISSING_KEY');
    await http.close();
  });

  it('writes a decimal as the number that it is', async () => {
    const server = await givenServer(() => ({ status: 200, body: { data: {} } }));
    const http = createHttpClient({ baseUrl: server.url });
    const pay = defineEndpoint({ ...createNote, body: z.object({ amount: z.custom<Decimal>(), at: z.date() }) });

    await http.call(pay, { body: { amount: new Decimal(2_450n, 2), at: new Date(0) } });

    expect(server.bodies).toEqual([{ amount: 24.5, at: '1970-01-01T00:00:00.000Z' }]);
    await http.close();
    await server.close();
  });
});

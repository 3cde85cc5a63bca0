import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  defineEndpoint,
  id,
  isCurrency,
  partnerGates,
  reply,
  text,
  type Caller,
  type Endpoint,
  type Handlers,
} from '@punchcard/contracts';
import { z } from 'zod';
import { createLog, createService, signCaller, type CallerSecret, type ServiceOptions } from '../src/index.ts';

export const callerSecrets: CallerSecret[] = [{ kid: 'test', secret: 'a-secret-of-the-tests-that-is-long-enough' }];

const shared = { owner: 'ledger', role: 'partner', summary: 'A test.', success: 200, idempotent: false } as const;
const example = { answer: {} };

/** Answers what the handler saw of the request. */
export const createNote = defineEndpoint({
  ...shared,
  id: 'agent.notes.create',
  dialect: 'agent',
  method: 'POST',
  path: '/api/agent/v1/partner/notes',
  success: 201,
  also: [200],
  idempotent: true,
  query: z.strictObject({ explain: z.enum(['true', 'false']).optional() }),
  body: z.strictObject({
    title: text(1, 255),
    points: z.int().min(1).max(1_000).optional(),
    card_id: id.optional(),
    is_open: z.boolean().optional(),
    currency: z.string().refine(isCurrency, 'must be a currency').optional(),
    extra: z.record(z.string(), z.unknown()).optional(),
    items: z
      .array(z.strictObject({ amount: z.int(), kind: z.enum(['a', 'b']).optional() }))
      .max(3)
      .optional(),
  }),
  answer: z.object({ title: z.string(), idempotency: z.unknown(), hash: z.string() }),
  example,
});

export const getNote = defineEndpoint({
  ...shared,
  id: 'agent.notes.get',
  dialect: 'agent',
  method: 'GET',
  path: '/api/agent/v1/partner/notes/{id}',
  missing: { code: 'NOT_FOUND', resource: 'note', idName: 'id' },
  params: z.object({ id: z.uuid() }),
  answer: z.object({ id: z.uuid() }),
  example,
});

export const updateNote = defineEndpoint({
  ...shared,
  id: 'agent.notes.update',
  dialect: 'agent',
  method: 'PUT',
  path: '/api/agent/v1/partner/notes/{id}',
  missing: { code: 'NOT_FOUND', resource: 'note', idName: 'id' },
  params: z.object({ id: z.uuid() }),
  body: z.strictObject({ title: text(1, 255).optional() }),
  answer: z.object({ id: z.uuid() }),
  example,
});

export const closeNote = defineEndpoint({
  ...shared,
  id: 'agent.notes.close',
  dialect: 'agent',
  method: 'POST',
  path: '/api/agent/v1/partner/notes/{id}/close',
  params: z.object({ id: z.uuid() }),
  answer: z.object({ id: z.uuid() }),
  example,
});

export const listNotes = defineEndpoint({
  ...shared,
  id: 'partner.notes.list',
  dialect: 'partner',
  method: 'GET',
  path: '/api/partners/notes',
  paged: true,
  query: z.strictObject({
    page: z
      .string()
      .regex(/^[1-9]\d*$/, 'must be a positive whole number')
      .optional(),
  }),
  answer: z.array(z.object({ id: z.uuid() })),
  example,
});

/** Fails in the way that it is told to. */
export const failNote = defineEndpoint({
  ...shared,
  id: 'internal.notes.fail',
  dialect: 'internal',
  method: 'POST',
  path: '/internal/notes/fail',
  body: z.strictObject({ how: z.enum(['bug', 'answer', 'refusal', 'slow', 'store', 'status', 'hang up']) }),
  answer: z.object({ ok: z.literal(true) }),
  example,
});

const endpoints = [createNote, getNote, updateNote, closeNote, listNotes, failNote] as const;

class StoreGone extends Error {}

const failures: Readonly<Record<string, () => unknown>> = {
  bug: () => {
    throw new Error('the secret inside');
  },
  refusal: () => {
    throw new AppError('INSUFFICIENT_POINTS', { details: { required: 10, balance: 3 } });
  },
  store: () => {
    throw new StoreGone('no connection to 10.0.0.7');
  },
  slow: () => new Promise((resolve) => setTimeout(resolve, 500, { ok: true })),
  answer: () => ({ ok: 'not true' }),
  status: () => reply({ ok: true }, { status: 418 }),
};

const handlers: Handlers<(typeof endpoints)[number]> = {
  'agent.notes.create': async ({ body, idempotency, requestHash }) =>
    reply({ title: body.title, idempotency, hash: requestHash }, { mark: 7, replayed: body.title === 'replayed' }),
  'agent.notes.get': async ({ params }) => ({ id: params.id, not_declared: 'stays inside' }),
  'agent.notes.update': async ({ params }) => ({ id: params.id }),
  'agent.notes.close': async ({ params }) => ({ id: params.id }),
  'partner.notes.list': async () => reply([{ id: randomUUID() }], { pagination: { page: 2, perPage: 15, total: 31 } }),
  'internal.notes.fail': async ({ body }) => (await failures[body.how]?.()) as { ok: true },
};

export const givenCaller = (rest: Partial<Caller> = {}): Caller => {
  const partnerId = randomUUID();
  return {
    role: 'partner',
    via: 'agent_key',
    partner_id: partnerId,
    member_id: null,
    key_id: randomUUID(),
    key_name: 'Till 1',
    scopes: ['read', 'write:transactions'],
    permissions: [],
    shop_ids: null,
    partner: {
      id: partnerId,
      name: 'Bean & Bloom',
      slug: 'bean-and-bloom',
      plan: 'standard',
      currency: 'EUR',
      time_zone: 'Europe/Vilnius',
      locale: 'en_US',
      gates: partnerGates.parse({}),
    },
    request_id: randomUUID(),
    ip: '127.0.0.1',
    ...rest,
  };
};

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: RequestInit['body'];
  caller?: Caller;
}

type Rest = Partial<Pick<ServiceOptions<Endpoint, Handlers<Endpoint>>, 'beforeHandler' | 'ready'>>;

/** A running service with the endpoints above, on a free port. */
export async function givenService(rest: Rest = {}) {
  const service = createService({
    name: 'ledger',
    port: 0,
    endpoints,
    handlers,
    callerSecrets,
    log: createLog('test', { level: 'silent' }),
    ready: {},
    isUnavailable: (thrown) => thrown instanceof StoreGone,
    ...rest,
  });
  const { port } = await service.listen();
  const url = `http://127.0.0.1:${port}`;

  /** Calls as the gateway does: with a token for this very method and path. */
  const ask = async (target: string, { method = 'GET', headers = {}, body, caller = givenCaller() }: Asking = {}) => {
    const [path = ''] = target.split('?');
    const token = signCaller(caller, { audience: 'ledger', method, path }, callerSecrets);
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers: { 'punchcard-caller': token, ...type, ...headers }, duplex: 'half' } as RequestInit;
    const answer = await fetch(url + target, { ...init, ...(body === undefined ? {} : { body }) });
    const raw = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      raw,
      body: (raw.startsWith('{') ? JSON.parse(raw) : {}) as Record<string, unknown>,
    };
  };
  return { service, url, ask };
}

/** A server that answers every request with what it is told, and keeps what it got. */
export async function givenServer(answer: (request: IncomingMessage) => { status: number; body: unknown } | undefined) {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = Buffer.concat(chunks).toString();
      bodies.push(got === '' ? undefined : JSON.parse(got));
      const given = answer(request);
      if (given)
        response.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(given.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, bodies, close };
}

/** Asks until the answer is as wanted, for 20 s. */
export async function waitFor<T>(what: string, ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
  throw new Error(`Waited 20 s for ${what}`);
}

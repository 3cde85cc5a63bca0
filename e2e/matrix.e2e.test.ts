import { beforeAll, describe, expect, it } from '@jest/globals';
import { endpoints, getMember, type Endpoint, type KeyRole } from '@punchcard/contracts';
import { requests, type World } from './conformance-requests.ts';
import { givenWorld } from './conformance-world.ts';
import { anyAddress, running } from './given.ts';
import { givenCallers, type Callers } from './matrix-callers.ts';
import {
  badTypes,
  exampleQuery,
  otherRole,
  pathWith,
  requiredFields,
  takesFields,
  unknownId,
  wrongScope,
} from './matrix-cases.ts';

const open = endpoints.filter(({ dialect }) => dialect !== 'internal');
const rows = (wanted: (endpoint: Endpoint) => unknown) =>
  open.filter(wanted).map((endpoint) => [endpoint.id, endpoint] as const);
const hasId = ({ path }: Endpoint) => /\{(id|cardId)\}/.test(path);
const isAgent = ({ dialect }: Endpoint) => dialect === 'agent';

interface Sent {
  body?: unknown;
  raw?: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
}

/** Sends an endpoint's example, changed as told, and reads the answer. */
async function send(endpoint: Endpoint, { body, raw, path, method, headers = {} }: Sent = {}) {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(running().baseUrl + (path ?? examplePath(endpoint)), {
    method: method ?? endpoint.method,
    headers: {
      'x-forwarded-for': anyAddress(),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = (await response.json()) as Record<string, never>;
  return { status: response.status, headers: response.headers, answer, error: errorOf(endpoint, answer) };
}

const examplePath = (endpoint: Endpoint) => pathWith(endpoint, () => unknownId) + exampleQuery(endpoint);

/** The refusal of either dialect, in one form. */
function errorOf({ dialect }: Endpoint, answer: Record<string, unknown>) {
  const error = (dialect === 'partner' ? answer['error'] : answer) as Record<string, unknown> | undefined;
  const details = (dialect === 'partner' ? error : error?.['details']) as Record<string, unknown> | undefined;
  return {
    code: error?.['code'],
    message: error?.['message'],
    retry: error?.['retry_strategy'],
    details,
    requestId: answer['request_id'],
  };
}

const word = (endpoint: Endpoint, agent: string, partner: string) => (isAgent(endpoint) ? agent : partner);

let callers: Callers;
let theirs: World;
const opening = (endpoint: Endpoint) => callers.opening(endpoint);

beforeAll(async () => {
  [callers, theirs] = [await givenCallers(), await givenWorld()];
});

describe('without credentials', () => {
  it.each(rows(({ role }) => role !== 'public'))('%s answers 401', async (_id, endpoint) => {
    const { status, error, headers } = await send(endpoint, { body: endpoint.example.body });

    expect([status, error.code]).toEqual([401, word(endpoint, 'AUTH_MISSING_KEY', 'UNAUTHORIZED')]);
    expect(error.requestId).toBe(headers.get('x-request-id'));
    expect(headers.get('x-ratelimit-tier')).toBe('public');
    for (const name of [
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'ratelimit',
      'ratelimit-policy',
    ]) {
      expect([name, headers.get(name)]).toEqual([name, expect.any(String)]);
    }
  });

  it.each(rows(({ role }) => role !== 'public'))(
    '%s answers 401 to a key of the right form that nobody has',
    async (_id, endpoint) => {
      const nobody = 'x'.repeat(40);
      const headers = isAgent(endpoint)
        ? { 'x-agent-key': `rl_agent_${nobody}` }
        : { 'x-api-key': `rl_partner_${nobody}`, 'x-api-secret': `rl_secret_${nobody}` };

      const { status, error } = await send(endpoint, { body: endpoint.example.body, headers });

      expect([status, error.code]).toEqual([401, word(endpoint, 'AUTH_INVALID_KEY', 'UNAUTHORIZED')]);
    },
  );
});

describe('with the wrong rights', () => {
  it.each(rows((endpoint) => isAgent(endpoint) && !['public', 'any'].includes(endpoint.role)))(
    '%s refuses a key of another role',
    async (_id, endpoint) => {
      const key = otherRole(endpoint) === 'admin' ? running().adminKey : callers.agentKey;

      const { status, error } = await send(endpoint, { body: endpoint.example.body, headers: { 'x-agent-key': key } });

      expect([status, error.code]).toEqual([403, 'AUTH_WRONG_ROLE']);
      expect(error.details).toEqual({ key_role: otherRole(endpoint), required_role: endpoint.role });
    },
  );

  it.each(rows((endpoint) => isAgent(endpoint) && wrongScope(endpoint) !== null))(
    '%s refuses a key without a fitting scope',
    async (_id, endpoint) => {
      const scope = wrongScope(endpoint)!;
      const key = await callers.withScope(endpoint.role as KeyRole, scope);

      const { status, error } = await send(endpoint, { body: endpoint.example.body, headers: { 'x-agent-key': key } });

      expect([status, error.code]).toEqual([403, 'AUTH_INSUFFICIENT_SCOPE']);
      expect(error.details).toEqual({ required_scopes: endpoint.scopes, key_scopes: [scope] });
    },
  );
});

describe('with input that is not right', () => {
  it.each(rows(takesFields))('%s names an unknown field', async (_id, endpoint) => {
    const body = { ...(endpoint.example.body as object), surprise: 1 };

    const { status, error } = await send(endpoint, { body, headers: await opening(endpoint) });

    expect([status, error.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(Object.keys(error.details?.['errors'] as object)).toContain('surprise');
  });

  // A page that people open from mailings takes what those add to its address.
  it.each(rows(({ id }) => id !== 'agent.join.page'))('%s names an unknown query parameter', async (_id, endpoint) => {
    const path = examplePath(endpoint);

    const { status, error } = await send(endpoint, {
      path: `${path}${path.includes('?') ? '&' : '?'}surprise=1`,
      body: endpoint.example.body,
      headers: await opening(endpoint),
    });

    expect([status, error.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(Object.keys(error.details?.['errors'] as object)).toContain('surprise');
  });

  it.each(rows((endpoint) => takesFields(endpoint) && endpoint.example.body))(
    '%s names each field of a wrong type',
    async (_id, endpoint) => {
      for (const [field, body] of badTypes(endpoint)) {
        const { status, error } = await send(endpoint, { body, headers: await opening(endpoint) });
        expect([field, status, error.code]).toEqual([field, 422, 'VALIDATION_FAILED']);
        expect(Object.keys(error.details?.['errors'] as object).some((path) => path.startsWith(field))).toBe(true);
      }
    },
  );

  it.each(rows((endpoint) => takesFields(endpoint) && requiredFields(endpoint).length > 0))(
    '%s names every missing field',
    async (_id, endpoint) => {
      const { status, error } = await send(endpoint, { body: {}, headers: await opening(endpoint) });

      expect([status, error.code]).toEqual([422, 'VALIDATION_FAILED']);
      expect(Object.keys(error.details?.['errors'] as object).sort()).toEqual(requiredFields(endpoint).sort());
    },
  );

  it.each(rows(takesFields))(
    '%s answers 400 to what is not a JSON object, and 415 to another type',
    async (_id, endpoint) => {
      for (const raw of ['{"a":', '[]', '"text"', 'null', '{"a":1}}']) {
        const { status, error } = await send(endpoint, { raw, headers: await opening(endpoint) });
        expect([raw, status, error.code]).toEqual([raw, 400, 'MALFORMED_JSON']);
      }
      const other = await send(endpoint, {
        raw: 'a=1',
        headers: { ...(await opening(endpoint)), 'content-type': 'text/plain' },
      });
      expect([other.status, other.error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it.each(rows(({ idempotent }) => idempotent))(
    '%s names an Idempotency-Key that is badly formed',
    async (_id, endpoint) => {
      const headers = { ...(await opening(endpoint)), 'idempotency-key': 'x'.repeat(256) };

      const { status, error } = await send(endpoint, { body: endpoint.example.body, headers });

      expect([status, error.code]).toEqual([422, 'VALIDATION_FAILED']);
      expect(error.details?.['errors']).toEqual({ 'Idempotency-Key': [expect.any(String)] });
    },
  );
});

describe('with ids that are not there', () => {
  it.each(rows(hasId))('%s answers the same 404 to an unknown id and to one of a bad form', async (_id, endpoint) => {
    const answers = [];
    for (const id of [unknownId, 'not-an-id', '../clubs', '%00']) {
      const path = pathWith(endpoint, () => id) + exampleQuery(endpoint);
      const { status, error } = await send(endpoint, {
        path,
        body: endpoint.example.body,
        headers: await opening(endpoint),
      });
      answers.push([status, error.code, error.message, error.retry]);
    }

    expect(answers[0]![0]).toBe(404);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it.each(rows((endpoint) => hasId(endpoint) && ['partner', 'member'].includes(endpoint.role)))(
    "%s answers for another's things as for unknown ones",
    async (_id, endpoint) => {
      const { params = {}, query = {}, body } = await requests[endpoint.id]!(theirs);
      const search = new URLSearchParams(query).toString();
      const ask = async (idOf: (name: string) => string) =>
        send(endpoint, {
          path: pathWith(endpoint, idOf) + (search && `?${search}`),
          ...{ body, headers: await opening(endpoint) },
        });

      const [their, unknown] = [await ask((name) => params[name]!), await ask(() => unknownId)];

      expect([their.status, their.error.code, their.error.message]).toEqual([
        ...[404, unknown.error.code, unknown.error.message],
      ]);
    },
  );

  it('leaves those of another as they were', async () => {
    const { partner, member } = theirs;

    expect((await partner.agent(getMember, { params: { id: member.id } })).status).toBe(200);
  });
});

describe('with other methods and paths', () => {
  it.each(rows(({ method }) => method === 'PUT'))('%s takes PATCH for PUT', async (_id, endpoint) => {
    const sent = { body: endpoint.example.body, headers: await opening(endpoint) };
    const [put, patch] = [await send(endpoint, sent), await send(endpoint, { ...sent, method: 'PATCH' })];

    expect([patch.status, patch.error.code]).toEqual([put.status, put.error.code]);
  });

  it.each(rows(() => true))('%s answers 405 with Allow to a method it does not know', async (_id, endpoint) => {
    const sent = { headers: await opening(endpoint) };

    const { status, error, headers } = await send(endpoint, { ...sent, method: 'PROPFIND' });

    expect([status, error.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(headers.get('allow')).toContain(endpoint.method);
    expect(error.details?.['allowed']).toContain(endpoint.method);
  });
});

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signCaller } from '../src/index.ts';
import { callerSecrets, givenCaller, givenService, type Asking } from './given.ts';

let running: Awaited<ReturnType<typeof givenService>>;
beforeAll(async () => {
  running = await givenService();
});
afterAll(() => running.service.close());

const NOTES = '/api/agent/v1/partner/notes';
const NOTE = `${NOTES}/0195743e-6c00-7c1a-8f53-2f1b7f0a1c11`;
const post = (body: Asking['body'], rest: Asking = {}) => running.ask(NOTES, { method: 'POST', body, ...rest });
const send = (body: unknown, rest: Asking = {}) => post(JSON.stringify(body), rest);
const unknown = 'is not a known field';

describe('a body that is not a JSON object', () => {
  it.each<[string, string | Uint8Array, object | undefined]>([
    ['text', 'hello', undefined],
    ['half an object', '{"title":', { position: 9 }],
    ['a comma too many', '{"title":"a",}', { position: 13 }],
    ['white space', '  ', { position: 2 }],
    ['a list', '[]', { position: 0 }],
    ['null', 'null', { position: 0 }],
    ['a number', '24.50', { position: 0 }],
    ['NaN', '{"points":NaN}', undefined],
    ['bytes that are no UTF-8', new Uint8Array([...Buffer.from('{"title":"'), 0xff, 0x22, 0x7d]), undefined],
    ['UTF-16', Buffer.from('{"title":"a"}', 'utf16le'), undefined],
    ['a raw control character in text', '{"title":"a\u0001"}', undefined],
    ['nesting beyond the stack', '['.repeat(500_000), undefined],
    ['an object nested beyond the stack', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, undefined],
  ])('%s is 400', async (_name, body, details) => {
    const answer = await post(body);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: true, code: 'MALFORMED_JSON', retry_strategy: 'fix_request' });
    if (details) expect(answer.body['details']).toEqual(details);
  });
});

describe('a field that is not valid', () => {
  it.each<[string, unknown, Record<string, string[]>]>([
    ['nothing', {}, { title: ['is required'] }],
    ['an unknown field', { title: 'a', titel: 'b' }, { titel: [unknown] }],
    [
      'several at once',
      { points: '5', other: 1 },
      { title: ['is required'], points: ['must be a number'], other: [unknown] },
    ],
    ['a number as text', { title: 'a', points: '24.50' }, { points: ['must be a number'] }],
    ['a number that is no text', { title: 24.5 }, { title: ['must be a string'] }],
    ['1 for a boolean', { title: 'a', is_open: 1 }, { is_open: ['must be true or false'] }],
    ['zero', { title: 'a', points: 0 }, { points: ['must be at least 1'] }],
    ['too many', { title: 'a', points: 1_001 }, { points: ['must be at most 1000'] }],
    ['null', { title: null }, { title: ['must not be null'] }],
    ['an id of a bad form', { title: 'a', card_id: '17' }, { card_id: ['must be a UUID'] }],
    ['an absent id is not a bad one', { card_id: null }, { title: ['is required'], card_id: ['must not be null'] }],
    ['an object for a text', { title: {} }, { title: ['must be a string'] }],
    ['a list for a text', { title: ['a'] }, { title: ['must be a string'] }],
    ['a text for a list', { title: 'a', items: 'x' }, { items: ['must be a list'] }],
    [
      'a field in a list',
      { title: 'a', items: [{ amount: 1 }, { amount: 'x', b: 1 }] },
      { 'items[1].amount': ['must be a number'], 'items[1].b': [unknown] },
    ],
    [
      'a word of no choice',
      { title: 'a', items: [{ amount: 1, kind: 'c' }] },
      { 'items[0].kind': ['must be one of: a, b'] },
    ],
    [
      'a list that is too long',
      { title: 'a', items: Array(4).fill({ amount: 1 }) },
      { items: ['must have at most 3 items'] },
    ],
    ['text that is too long', { title: 'a'.repeat(256) }, { title: ['must have 1 to 255 characters'] }],
    ['white space only', { title: ' ' }, { title: ['must have 1 to 255 characters'] }],
    ['NUL', { title: 'a\0b' }, { title: ['must not contain control characters'] }],
    [
      'NUL in free text',
      { title: 'a', extra: { b: [1, 'x\0'] } },
      { 'extra.b[1]': ['must not contain control characters'] },
    ],
  ])('%s', async (_name, body, errors) => {
    const answer = await send(body);

    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', details: { errors } });
    expect(Object.keys((answer.body['details'] as { errors: object }).errors).sort()).toEqual(
      Object.keys(errors).sort(),
    );
  });

  it.each<[string, string, Record<string, string[]>]>([
    ['a lone surrogate', '{"title":"\\ud800"}', { title: ['must be well-formed Unicode text'] }],
    [
      'a lone surrogate in free text',
      '{"title":"a","extra":{"b":"\\udc00"}}',
      { 'extra.b': ['must be well-formed Unicode text'] },
    ],
    [
      'a lone surrogate as a name',
      '{"title":"a","extra":{"\\ud800":1}}',
      { extra: ['the name of a field must be well-formed Unicode text'] },
    ],
    ['24.5 for an integer', '{"title":"a","points":24.5}', { points: ['must be a whole number'] }],
    ['1e309', '{"title":"a","points":1e309}', { points: ['is out of range'] }],
    ['-1e309', '{"title":"a","points":-1e309}', { points: ['is out of range'] }],
    ['1e30', '{"title":"a","points":1e30}', { points: ['is out of range'] }],
    ['2^53', '{"title":"a","points":9007199254740992}', { points: ['is out of range'] }],
    ['__proto__', '{"title":"a","__proto__":{"x":1}}', { ['__proto__']: [unknown] }],
    ['constructor', '{"title":"a","constructor":1}', { constructor: [unknown] }],
    ['toJSON', '{"title":"a","toJSON":1}', { toJSON: [unknown] }],
    [
      'deep nesting',
      `{"title":"a","extra":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`,
      { _: ['must not be nested deeper than 64 levels'] },
    ],
  ])('%s', async (_name, body, errors) => {
    const answer = await post(body);

    expect(answer.status).toBe(422);
    const shown = answer.body['details'] as { errors: Record<string, string[]> };
    expect(Object.entries(shown.errors)).toEqual(Object.entries(errors));
  });

  it('shows no more than a thousand of them', async () => {
    const answer = await send(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field${n}`, n])));

    expect(answer.status).toBe(422);
    expect(answer.raw.length).toBeLessThan(100_000);
  });
});

describe('a query that is not valid', () => {
  it.each<[string, Record<string, string[]>]>([
    ['?page=1&page=2', { page: ['must be given only once'] }],
    ['?pages=1', { pages: ['is not a parameter of this endpoint'] }],
    ['?page=0', { page: ['must be a positive whole number'] }],
    ['?page=1.5', { page: ['must be a positive whole number'] }],
    ['?page', { page: ['must be a positive whole number'] }],
    ['?page=%00', { page: ['must not contain control characters', 'must be a positive whole number'] }],
    ['?page=%ff', { page: ['must be percent-encoded UTF-8 text'] }],
    ['?%ff=1', { _: ['must be percent-encoded UTF-8 text'] }],
    ['?page[]=1', { 'page[]': ['is not a parameter of this endpoint'] }],
    [
      '?__proto__=1&a=2',
      { ['__proto__']: ['is not a parameter of this endpoint'], a: ['is not a parameter of this endpoint'] },
    ],
  ])('%s', async (query, errors) => {
    const answer = await running.ask(`/api/partners/notes${query}`);

    expect(answer.status).toBe(422);
    const { error } = answer.body as { error: { code: string; errors: object } };
    expect(error.code).toBe('VALIDATION_FAILED');
    expect(Object.entries(error.errors)).toEqual(Object.entries(errors));
  });

  it('is reported together with the body and the Idempotency-Key', async () => {
    const answer = await running.ask(`${NOTES}?explain=yes`, {
      method: 'POST',
      body: '{}',
      headers: { 'idempotency-key': 'ü' },
    });

    expect(answer.body['details']).toEqual({
      errors: {
        explain: ['must be one of: true, false'],
        title: ['is required'],
        'Idempotency-Key': ['must have 1 to 255 printable ASCII characters'],
      },
    });
  });
});

describe('a path', () => {
  it.each(['17', 'null', '%00', '0195743e-6c00-7c1a-8f53-2f1b7f0a1c1g', "'; drop table notes --", '%F0%9F%98%80'])(
    'with the id %s is 404, as an unknown one is',
    async (id) => {
      const answer = await running.ask(`${NOTES}/${encodeURI(id).replaceAll('%25', '%')}`);

      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'note' } });
    },
  );

  it('with a bad id and a bad body is refused for the body first', async () => {
    const answer = await running.ask(`${NOTES}/17`, { method: 'PUT', body: '{"titel":"a"}' });

    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', details: { errors: { titel: [unknown] } } });
  });

  it.each([
    '/',
    '/api/agent/v1/nothing',
    `${NOTES}/`,
    '/api/agent/v1/partner/notes/a/b/c',
    '/%',
    '/..%2f..%2fetc/passwd',
  ])('%s names nothing: 404', async (path) => {
    const answer = await running.ask(path);

    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: true, code: 'NOT_FOUND' });
  });

  it('that names nothing is refused in the words of its API', async () => {
    const answer = await running.ask('/api/partners/nothing');

    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
  });

  it('is refused for a method that it does not have', async () => {
    const answer = await running.ask(NOTE, { method: 'DELETE' });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, PATCH, PUT');
    expect(answer.body).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });
});

describe('a media type', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'application/json; charset=latin1'])(
    '%s is 415',
    async (type) => {
      const answer = await send({ title: 'a' }, { headers: { 'content-type': type } });

      expect(answer.status).toBe(415);
      expect(answer.body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', details: { received: type } });
    },
  );

  it.each(['application/json', 'application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])(
    '%s is taken',
    async (type) => {
      const answer = await send({ title: 'a' }, { headers: { 'content-type': type } });

      expect(answer.status).toBe(201);
    },
  );

  it('compressed is 415', async () => {
    const answer = await send({ title: 'a' }, { headers: { 'content-encoding': 'gzip' } });

    expect(answer.status).toBe(415);
  });
});

describe('a body that is too large', () => {
  it('is 413 when it says so itself', async () => {
    const answer = await post('x'.repeat(10_000_000));

    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { maximum_bytes: 1_048_576 } });
  });

  it('is 413 when it comes without a length', async () => {
    let left = 100;
    const stream = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(100_000)) : controller.close()),
    });

    const answer = await post(stream);

    expect(answer.status).toBe(413);
  });

  it('of exactly the limit is read', async () => {
    const body = JSON.stringify({ title: 'a', extra: { filler: '' } });
    const answer = await post(body.replace('""', `"${'x'.repeat(1_048_576 - body.length)}"`));

    expect(answer.status).toBe(201);
  });
});

describe('an endpoint without a body', () => {
  it.each([undefined, '{}', ''])('takes %j', async (body) => {
    const answer = await running.ask(`${NOTE}/close`, { method: 'POST', body });

    expect(answer.status).toBe(200);
  });

  it('refuses every field', async () => {
    const answer = await running.ask(`${NOTE}/close`, { method: 'POST', body: '{"reason":"x"}' });

    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', details: { errors: { reason: [unknown] } } });
  });
});

describe('an Idempotency-Key', () => {
  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['with a tab', 'a\tb'],
  ])('%s is 422', async (_name, key) => {
    const answer = await send({ title: 'a' }, { headers: { 'idempotency-key': key } });

    expect(answer.body).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: { 'Idempotency-Key': ['must have 1 to 255 printable ASCII characters'] } },
    });
  });

  it('is ignored on a read', async () => {
    const answer = await running.ask(NOTE, { headers: { 'idempotency-key': '' } });

    expect(answer.status).toBe(200);
  });
});

describe('a client that leaves', () => {
  it('in the middle of its body disturbs nobody', async () => {
    const { port } = new URL(running.url);
    const token = signCaller(givenCaller(), { audience: 'ledger', method: 'POST', path: NOTES }, callerSecrets);
    const head = [`POST ${NOTES} HTTP/1.1`, 'host: x', 'content-type: application/json', `punchcard-caller: ${token}`];
    for (let n = 0; n < 5; n += 1) {
      const socket = connect(Number(port), '127.0.0.1');
      await new Promise((resolve) => {
        socket.write([...head, 'content-length: 100', '', '{"title'].join('\r\n'), resolve);
      });
      socket.destroy();
    }

    const answer = await send({ title: 'a' }, { caller: givenCaller() });
    const { raw } = await running.ask('/metrics');

    expect(answer.status).toBe(201);
    expect(raw).toMatch(/endpoint="agent.notes.create",status="499"/);
  });
});

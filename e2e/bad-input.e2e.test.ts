import { beforeAll, describe, expect, it } from '@jest/globals';
import { memberBalance } from '@punchcard/contracts';
import { anyAddress, dataOf, givenMember, givenPartner, givenProgramme, running, type GivenPartner } from './given.ts';

let till: GivenPartner;
let cardId: string;
let memberId: string;

beforeAll(async () => {
  till = await givenPartner();
  cardId = (await givenProgramme(till.agent)).card.id;
  memberId = (await givenMember(till.slug)).id;
});

const PURCHASE = '/api/agent/v1/partner/transactions/purchase';

/** Sends bytes as they are: what a client library would never let through. */
async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(running().baseUrl + path, {
    method: 'POST',
    headers: {
      'x-agent-key': till.agentKey,
      'x-forwarded-for': anyAddress(),
      'content-type': 'application/json',
      ...headers,
    },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, answer: JSON.parse(text) as Record<string, unknown> };
}

const sale = (fields: string) => `{"card_id":"${cardId}","member_identifier":"${memberId}",${fields}}`;

const isTidy = ({ text }: { text: string }) =>
  !/\bat .*:\d+:\d+|node_modules|ZodError|PostgresError|select /i.test(text);

describe('a purchase with an amount', () => {
  it.each([
    ['of zero', '0'],
    ['below zero', '-1'],
    ['of minus zero', '-0.00'],
    ['with three decimals', '24.505'],
    ['that no number holds', '1e309'],
    ['with a huge exponent', '1e999999999'],
    ['with a tiny one', '1e-999999999'],
    ['above the maximum', '1000000000'],
    ['of 400 digits', '9'.repeat(400)],
    ['as text', '"24.50"'],
    ['as null', 'null'],
    ['as an object', '{"digits":"1","scale":0}'],
    ['as a list', '[1]'],
    ['as true', 'true'],
  ])('%s is refused, and the field named', async (_name, amount) => {
    const answer = await post(PURCHASE, sale(`"purchase_amount":${amount}`));

    expect(answer).toMatchObject({
      status: 422,
      answer: { code: 'VALIDATION_FAILED', details: { errors: { purchase_amount: [expect.any(String)] } } },
    });
    expect(isTidy(answer)).toBe(true);
  });

  it.each([
    ['0.29 without a binary fraction', '0.29', 2],
    ['with zeros behind it', '1.500', 15],
    ['with an exponent', '1e1', 100],
  ])('%s is taken as it is written', async (_name, amount, points) => {
    const { status, answer } = await post(PURCHASE, sale(`"purchase_amount":${amount}`));

    expect(status).toBe(200);
    expect(answer).toMatchObject({ data: { points_awarded: points } });
  });
});

describe('text', () => {
  it.each([
    ['NUL', String.raw`\u0000`],
    ['an escape character', String.raw`\u001b[31m`],
    ['a lone high surrogate', String.raw`\ud800`],
    ['a lone low surrogate', String.raw`a\udc00b`],
    ['1,001 characters', 'x'.repeat(1_001)],
  ])('with %s is refused in a note, an identifier and a reference', async (_name, bad) => {
    for (const field of ['note', 'reference', 'member_identifier']) {
      const fields = field === 'member_identifier' ? '' : `"member_identifier":"${memberId}",`;
      const body = `{"card_id":"${cardId}",${fields}"purchase_amount":1,"${field}":"${bad}"}`;
      const answer = await post(PURCHASE, body);
      expect([field, answer.status, answer.answer['code']]).toEqual([field, 422, 'VALIDATION_FAILED']);
      expect(isTidy(answer)).toBe(true);
    }
  });

  it('counts code points, and may hold lines, tabs and any script', async () => {
    const note = '☕'.repeat(990) + String.raw`\n\tačiū`;

    expect((await post(PURCHASE, sale(`"purchase_amount":1,"note":"${note}"`))).status).toBe(200);
  });
});

describe('a body', () => {
  it('that is not UTF-8 is 400', async () => {
    const bytes = Buffer.from(sale('"purchase_amount":1,"note":"?"'));
    bytes[bytes.indexOf('?')] = 0xff;

    expect(await post(PURCHASE, new Uint8Array(bytes))).toMatchObject({
      status: 400,
      answer: { code: 'MALFORMED_JSON' },
    });
  });

  it('of 10 MB is 413 and says what is allowed', async () => {
    const body = sale(`"purchase_amount":1,"note":"${'x'.repeat(10_000_000)}"`);

    expect(await post(PURCHASE, body)).toMatchObject({
      status: 413,
      answer: { code: 'PAYLOAD_TOO_LARGE', retry_strategy: 'fix_request', details: { maximum_bytes: 1_048_576 } },
    });
  });

  it('nested a hundred thousand deep is refused like any other', async () => {
    const answer = await post(
      PURCHASE,
      sale(`"purchase_amount":1,"items":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    );

    expect([400, 422]).toContain(answer.status);
    expect(isTidy(answer)).toBe(true);
  });

  it('with __proto__ is refused by name, and changes nothing', async () => {
    const answer = await post(PURCHASE, sale('"purchase_amount":1,"__proto__":{"admin":true}'));

    expect(answer).toMatchObject({ status: 422, answer: { code: 'VALIDATION_FAILED' } });
  });

  it('with a field twice has the last one', async () => {
    const { answer } = await post(PURCHASE, sale('"purchase_amount":5,"purchase_amount":1'));

    expect(answer).toMatchObject({ data: { points_awarded: 10 } });
  });
});

describe('a request line', () => {
  it.each([
    ['an unknown path', '/api/agent/v1/partner/nothing', 404],
    ['a broken escape', '/api/agent/v1/partner/clubs/%zz', 404],
    ['dots', '/api/agent/v1/partner/clubs/%2e%2e', 404],
    ['two slashes', '/api/agent/v1//partner/clubs', 404],
    ['a query of two pages', '/api/agent/v1/partner/clubs?page=1&page=2', 422],
    ['page 0', '/api/agent/v1/partner/clubs?page=0', 422],
    ['a page of text', '/api/agent/v1/partner/clubs?page=first', 422],
    ['a page behind the last', '/api/agent/v1/partner/clubs?page=999999999999999999999', 200],
    ['too many a page', '/api/agent/v1/partner/clubs?per_page=5000', 200],
    ['NUL in the query', '/api/agent/v1/partner/clubs?search=%00', 422],
    ['bytes that are no text', '/api/agent/v1/partner/clubs?search=%ff%fe', 422],
  ])('with %s answers in the form of every answer', async (_name, path, expected) => {
    const response = await fetch(running().baseUrl + path, { headers: { 'x-agent-key': till.agentKey } });
    const answer = (await response.json()) as Record<string, unknown>;

    expect([path, response.status]).toEqual([path, expected]);
    expect(answer['error']).toBe(expected !== 200);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of 20,000 characters is refused', async () => {
    const response = await fetch(`${running().baseUrl}/api/agent/v1/partner/clubs?search=${'x'.repeat(20_000)}`, {
      headers: { 'x-agent-key': till.agentKey },
    });

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    await response.text();
  });
});

it('has booked only what was answered with 200', async () => {
  const { balance } = await dataOf(till.agent(memberBalance, { params: { id: memberId, cardId } }));

  expect(balance).toBe(2 + 15 + 100 + 10 + 10);
});

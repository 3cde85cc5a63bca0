import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signCaller } from '@punchcard/service-kit';
import { testSecrets } from '@punchcard/testing';
import { anybody, startMembers } from './given.ts';

let members: Awaited<ReturnType<typeof startMembers>>;

beforeAll(async () => {
  members = await startMembers();
});
afterAll(() => members?.stop());

/** The page as a browser gets it, through the gateway. */
async function visit(slug: string, { query = '', ...headers }: Record<string, string> = {}) {
  const path = `/join/${slug}`;
  const token = signCaller(anybody(), { audience: 'members', method: 'GET', path }, testSecrets);
  // What fetch unpacks by itself, this one is to see.
  const response = await fetch(members.url + path + query, { headers: { 'punchcard-caller': token, ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('GET /join/{slug}', () => {
  it("shows the partner's name, escaped, under a policy that lets nothing in from elsewhere", async () => {
    const { slug } = await members.givenPartner({}, { name: '<i>Bean</i> & Bloom' });

    const { status, headers, text } = await visit(slug);

    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('&lt;i&gt;Bean&lt;/i&gt; &amp; Bloom');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('is in the language of the browser, else of the partner', async () => {
    const { slug } = await members.givenPartner({}, { locale: 'lt_LT' });

    const [german, own] = [await visit(slug, { 'accept-language': 'de-DE' }), await visit(slug)];

    expect([german.headers.get('content-language'), german.text.match(/<html lang="(\w+)"/)?.[1]]).toEqual([
      'de',
      'de',
    ]);
    expect(own.headers.get('content-language')).toBe('lt');
    expect(german.headers.get('vary')).toBe('accept-language, accept-encoding');
  });

  it('costs a 304 when the browser has it, until it changes', async () => {
    const { slug } = await members.givenPartner();
    const first = await visit(slug);

    const known = { 'if-none-match': first.headers.get('etag')! };

    expect(await visit(slug, known)).toMatchObject({ status: 304, text: '' });
    expect((await visit(slug, { ...known, 'accept-language': 'fr' })).status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('no-cache');
  });

  it('is packed for who can unpack it', async () => {
    const { slug } = await members.givenPartner();

    const [plain, packed] = [
      await visit(slug, { 'accept-encoding': 'identity' }),
      await visit(slug, { 'accept-encoding': 'gzip' }),
    ];

    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.text).toBe(plain.text);
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(30_000);
  });

  it('takes what others append to a link, and a card to begin with', async () => {
    const { slug } = await members.givenPartner();
    const cardId = '0195743e-6c00-7c1a-8f53-2f1b7f0a1c21';

    const tracked = await visit(slug, { query: `?utm_source=poster&fbclid=1&card_id=${cardId}` });
    const odd = await visit(slug, { query: '?card_id=%22%3E%3Cscript%3E' });

    expect([tracked.status, tracked.text.includes(`"cardId":"${cardId}"`)]).toEqual([200, true]);
    expect([odd.status, odd.text.includes('"cardId":null')]).toEqual([200, true]);
  });

  it('is a page that says so for a slug that nobody has, and a partner that is not active', async () => {
    const suspended = await members.givenPartner({}, { status: 'suspended' });

    for (const slug of ['nobody-here', suspended.slug, '%3Cscript%3E', 'page.js']) {
      const { status, headers, text } = await visit(slug, { 'accept-language': 'de' });
      expect([slug, status, headers.get('content-type')]).toEqual([slug, 404, 'text/html; charset=utf-8']);
      expect(text).toContain('Hier ist niemand');
      expect(text).not.toContain('<script');
    }
  });

  it('is a page that says so where the Agent API is off', async () => {
    const { slug } = await members.givenPartner({ agent_api_permission: false });

    const { status, text } = await visit(slug);

    expect([status, text.includes('Closed at the moment')]).toEqual([403, true]);
  });
});

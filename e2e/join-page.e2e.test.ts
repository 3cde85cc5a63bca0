import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addStamps, createStampCard, listMembers, purchase, updatePartner } from '@punchcard/contracts';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import {
  adminApi,
  anyAddress,
  dataOf,
  eventually,
  givenMember,
  givenPartner,
  givenProgramme,
  running,
} from './given.ts';
import type { GivenPartner } from './given.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere)
  process.stderr.write(`The join page is not tried in a browser: there is no ${executablePath} (CHROMIUM).\n`);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let context: BrowserContext;
let page: Page;
let shop: GivenPartner;
let cardId: string;
let stampCardId: string;
/** What a browser complains of, and requests that leave the host. */
let complaints: string[];

(isThere ? describe : describe.skip)('the page of a partner, on a phone', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    shop = await givenPartner();
    const { card, club } = await givenProgramme(shop.agent);
    cardId = card.id;
    const body = { club_id: club.id, name: 'Coffees', title: 'Every third coffee', stamps_required: 3 };
    stampCardId = (await dataOf(shop.agent(createStampCard, { body }))).id;
    // Members know the partner from now on.
    await givenMember(shop.slug);
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    complaints = [];
    context = await browser.newContext({
      ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'en-GB' },
      extraHTTPHeaders: { 'x-forwarded-for': anyAddress() },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(running().baseUrl)) complaints.push(request.url());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  const open = (slug = shop.slug) => page.goto(`${running().baseUrl}/join/${slug}`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const remembered = () => page.evaluate<string[]>('Object.entries(localStorage).flat()');

  async function mustBeAccessible(view: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // Through the debugger, since the page's own policy lets in no script of ours.
      const devtools = await context.newCDPSession(page);
      await devtools.send('Runtime.evaluate', { expression: axe });
      const { result } = await devtools.send('Runtime.evaluate', {
        expression: 'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
        ...{ awaitPromise: true, returnByValue: true },
      });
      expect([view, colorScheme, result.value]).toEqual([view, colorScheme, []]);
    }
  }

  async function joinAs(name: string): Promise<{ identifier: string; key: string }> {
    await open();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('I accept the terms').check();
    await press('Join');
    await page.getByRole('heading', { name: `Welcome, ${name}!` }).waitFor();
    const identifier = (await page.locator('.number').textContent()) ?? '';
    const key = (await page.locator('code').textContent()) ?? '';
    return { identifier, key };
  }

  it('says at each field what is not right, and brings the reader there', async () => {
    await open();
    await mustBeAccessible('form');

    await page.getByLabel('E-mail', { exact: true }).first().fill('not an address');
    await press('Join');

    await page.getByText('2 things are not right yet.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('join-email');
    expect(await page.locator('#join-email').getAttribute('aria-invalid')).toBe('true');
    await mustBeAccessible('problems');
  });

  it('says when an e-mail is taken, and offers the way in with a key', async () => {
    const { email } = await givenMember(shop.slug);
    await open();
    await page.locator('#join-email').fill(email.toUpperCase());
    await page.getByLabel('I accept the terms').check();
    await press('Join');

    await page.getByText('There is a member with this e-mail already').waitFor();
    expect(await page.locator('#open-key').isVisible()).toBe(true);
  });

  it('registers, shows code and key, then cards, stamps and history, and keeps the key in the browser alone', async () => {
    const { identifier, key } = await joinAs('Ann <b>Example</b>');
    expect(identifier).toMatch(/^\d{3}-\d{3}-\d{3}-\d{3}$/);
    expect(key).toMatch(/^rl_member_\w{40}$/);
    expect(await page.getByRole('img', { name: `QR: ${identifier}` }).isVisible()).toBe(true);
    await page.locator('.key').getByRole('button').click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await mustBeAccessible('joined');

    const sale = { card_id: cardId, member_identifier: identifier, purchase_amount: 24.5 };
    await dataOf(shop.agent(purchase, { body: sale }));
    await dataOf(
      shop.agent(addStamps, { params: { id: stampCardId }, body: { member_identifier: identifier, stamps: 2 } }),
    );
    await press('Show my cards');

    await page.getByText('2 of 3 stamps').waitFor();
    expect(await page.locator('.tile', { hasText: 'Coffee card' }).first().textContent()).toContain('245 points');
    expect(await page.locator('.history li').first().textContent()).toMatch(
      /Purchase.*Coffee card.*\+245.*Balance 245/s,
    );
    expect(page.url()).toBe(`${running().baseUrl}/join/${shop.slug}`);
    expect(String(await remembered())).toContain(key);
    await mustBeAccessible('cards');

    await page.reload();
    await page.getByRole('heading', { name: 'Hello, Ann <b>Example</b>' }).waitFor();
    await press('Forget me on this device');
    await mustBeAccessible('forgetting');
    await press('Forget');
    await page.getByRole('heading', { name: /^Join / }).waitFor();
    expect(await remembered()).toEqual([]);

    await page.getByText('I have a key').click();
    await page.getByLabel('Your key').fill(key);
    await press('Show my cards');
    await page.getByText('2 of 3 stamps').waitFor();
  });

  it('refuses a key of a bad form and one that nobody has', async () => {
    await open();
    await page.getByText('I have a key').click();
    await page.getByLabel('Your key').fill('rl_agent_1');
    await press('Show my cards');
    await page.getByText('A key begins with rl_member_').waitFor();

    await page.getByLabel('Your key').fill(`rl_member_${'x'.repeat(40)}`);
    await press('Show my cards');
    await page.getByText('This key is not known.').waitFor();
    expect(await remembered()).toEqual([]);
  });

  it('makes one member of a registration whose answer was lost', async () => {
    await open();
    await page.getByLabel('I accept the terms').check();
    let isLost = false;
    await context.route('**/api/join/**', async (route) => {
      if (isLost) return route.continue();
      isLost = true;
      await route.fetch();
      await route.abort('connectionreset');
    });
    await press('Join');
    await page.getByText('There is no connection.').waitFor();
    const [lost] = await newest();

    await press('Join');
    await page.getByRole('heading', { name: 'Welcome!' }).waitFor();

    const [found] = await newest();
    expect(found).toEqual(lost);
    expect(await page.locator('.number').textContent()).toBe(found!.unique_identifier);
  });

  it('lets in who comes by a link to a card that is gone', async () => {
    await page.goto(
      `${running().baseUrl}/join/${shop.slug}?card_id=0195743e-6c00-7c1a-8f53-ffffffffffff&utm_source=poster`,
    );
    await page.getByLabel('I accept the terms').check();
    await press('Join');

    await page.getByRole('heading', { name: 'Welcome!' }).waitFor();
  });

  it('speaks the language of the browser, and of the partner when it knows none of them', async () => {
    const speaking = async (locale: string) => {
      const other = await browser.newContext({ locale, extraHTTPHeaders: { 'x-forwarded-for': anyAddress() } });
      const their = await other.newPage();
      await their.goto(`${running().baseUrl}/join/${shop.slug}`);
      const found = [
        await their.locator('html').getAttribute('lang'),
        await their.locator('#join button').textContent(),
      ];
      await other.close();
      return found;
    };

    expect(await speaking('lt-LT')).toEqual(['lt', 'Prisijungti']);
    expect(await speaking('de-AT')).toEqual(['de', 'Mitglied werden']);
    expect(await speaking('ja-JP')).toEqual(['en', 'Join']);
  });

  it('is a page that says so where there is no partner, or none that is active', async () => {
    const closed = await givenPartner();
    await adminApi()(updatePartner, { params: { id: closed.partnerId }, body: { status: 'suspended' } });

    expect((await open('nobody-here'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'Nobody is here' }).waitFor();
    await mustBeAccessible('404');
    await eventually('the end of its page', async () => (await open(closed.slug))?.status() === 404);
    await page.getByRole('heading', { name: 'Nobody is here' }).waitFor();
  });

  async function newest() {
    return dataOf(shop.agent(listMembers, { query: { per_page: '1' } }));
  }
});

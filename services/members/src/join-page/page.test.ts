import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { entryEvents } from '@punchcard/contracts';
import { readAssets } from './assets.ts';
import { languageOf } from './language-rules.ts';
import { joinPage, noticePage } from './page.ts';
import { textsOf, type Language } from './texts.ts';

const languages = ['en', 'lt', 'de', 'fr'] as const;
const assets = readAssets();
const pageFor = (name: string, language: Language = 'en', slug = 'bean') =>
  joinPage({ partner: { name, slug }, language, cardId: null }, assets);

describe('languageOf', () => {
  it.each([
    ['lt-LT,lt;q=0.9,en;q=0.8', 'lt'],
    ['pl, de;q=0.5', 'de'],
    ['de;q=0.1, FR-CA;q=0.9', 'fr'],
    ['en;q=0, de;q=0.2', 'de'],
    ['*', 'lt'],
    ['pl', 'lt'],
    ['de;q=high', 'lt'],
    [null, 'lt'],
    ['x'.repeat(10_000), 'lt'],
  ])('reads %j as %s for a Lithuanian partner', (header, language) => {
    expect(languageOf(header, 'lt_LT', languages)).toBe(language);
  });

  it('falls back to English', () => {
    expect(languageOf('pl', 'pl_PL', languages)).toBe('en');
  });
});

describe('the page', () => {
  it('shows the name of a partner as text, wherever it stands', () => {
    const page = pageFor(`</title></script><script>alert("1")</script> & 'Co'`, 'en', '</script>');

    expect(page).toContain('<p class="partner">&lt;/title&gt;&lt;/script&gt;');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain('alert("1")');
  });

  it('names a `{value}` of a partner as it is', () => {
    expect(pageFor('{partner} $& $1')).toContain('Join {partner} $&amp; $1');
  });

  it.each(languages)('is light in %s', (language) => {
    expect(gzipSync(pageFor('Bean & Bloom', language)).length).toBeLessThan(30_000);
  });

  it('has one script that a browser can read, and a policy that lets in that and its styles alone', () => {
    const page = pageFor('Bean');
    const [, script = ''] = /<script type="module">([^]*)<\/script>/.exec(page) ?? [];
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
    const hashes = [script, style].map((text) => createHash('sha256').update(text).digest('base64'));

    expect(() => new Script(`(async () => {${script}\n})`)).not.toThrow();
    expect(script).not.toMatch(/^(?:import|export) /m);
    expect(assets.policy).toContain(`script-src 'sha256-${hashes[0]}'; style-src 'sha256-${hashes[1]}'`);
    expect(assets.policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('asks nothing of other hosts', () => {
    const outside = [...pageFor('Bean').matchAll(/(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?\/\//g)];

    expect(outside).toEqual([]);
  });

  it('says that nobody is there', () => {
    expect(noticePage({ language: 'de', title: 'Hier ist niemand', text: '<b>' }, assets)).toMatch(
      /<html lang="de">[^]*<h1>Hier ist niemand<\/h1>\s*<p class="lead">&lt;b&gt;<\/p>/,
    );
  });
});

describe.each(languages)('the texts in %s', (language) => {
  it('name every event of the ledger', () => {
    expect(Object.keys(textsOf[language].events)).toEqual(expect.arrayContaining([...entryEvents, 'other']));
  });

  it('have the same places for values as in English', () => {
    const placesOf = (texts: object): [string, string[]][] =>
      Object.entries(texts).flatMap(([name, text]: [string, unknown]): [string, string[]][] => {
        if (typeof text === 'string') return [[name, [...text.matchAll(/\{\w+\}/g)].map(String).sort()]];
        if (typeof text !== 'object' || text === null) return [];
        return 'other' in text && name !== 'events' ? placesOf({ [name]: text.other }) : placesOf(text);
      });

    expect(placesOf(textsOf[language])).toEqual(placesOf(textsOf.en));
  });

  it('have every form that its numbers take', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

    expect(Object.keys(textsOf[language].wallet.points).sort()).toEqual([...forms].sort());
  });
});

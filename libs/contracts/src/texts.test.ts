import { describe, expect, it } from '@jest/globals';
import { pickText, pickTextOrNull, textsOf, translationsOf } from './texts.ts';

const texts = { en_US: 'Coffee', lt_LT: 'Kava', pt_BR: 'Café', pt_PT: 'Bica' };

describe('pickText', () => {
  it.each([
    [null, 'Kava'],
    ['', 'Kava'],
    ['en', 'Coffee'],
    ['en-US,en;q=0.9', 'Coffee'],
    ['EN-gb', 'Coffee'],
    ['de, pt-PT;q=0.8, en;q=0.9', 'Coffee'],
    ['pt-PT', 'Bica'],
    ['pt', 'Café'],
    ['de', 'Kava'],
    ['*', 'Kava'],
    ['de, *;q=0.5, en;q=0.1', 'Kava'],
    ['en;q=0', 'Kava'],
    ['en;q=9, ,;;, pt-PT', 'Bica'],
  ])('reads %j as a wish for %s', (language, text) => {
    expect(pickText(texts, { language, locale: 'lt_LT' })).toBe(text);
  });

  it("prefers the partner's locale among those of one language", () => {
    expect(pickText(texts, { language: 'pt', locale: 'pt_PT' })).toBe('Bica');
  });

  it('gives some text when nothing fits', () => {
    expect(pickText({ sv_SE: 'Kaffe', fi_FI: 'Kahvi' }, { language: 'en', locale: 'lt_LT' })).toBe('Kahvi');
  });

  it('has nothing for a text that is missing', () => {
    expect(pickTextOrNull(null, { language: 'en', locale: 'en_US' })).toBeNull();
  });
});

describe('textsOf', () => {
  it("takes a string as of the partner's locale", () => {
    expect(textsOf('Coffee', 'en_US')).toEqual({ en_US: 'Coffee' });
    expect(textsOf({ lt_LT: 'Kava' }, 'en_US')).toEqual({ lt_LT: 'Kava' });
    expect(textsOf(null, 'en_US')).toBeNull();
  });
});

describe('translationsOf', () => {
  it('shows the fields that have more than one text', () => {
    expect(translationsOf({ title: texts, head: { en_US: 'Hi' }, description: null })).toEqual({
      translations: { title: texts },
    });
  });

  it('shows nothing when no field has', () => {
    expect(translationsOf({ title: { en_US: 'Coffee' }, description: null })).toEqual({});
  });
});

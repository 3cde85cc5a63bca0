import { describe, expect, it } from '@jest/globals';
import { keyEnd, localeOf, maySeeKeyAgain, uniqueIdentifierOf } from './rules.ts';

describe('localeOf', () => {
  it.each([
    ['lt-LT,lt;q=0.9,en;q=0.8', 'lt_LT'],
    ['lt', 'lt_LT'],
    ['*, de-AT', 'de_AT'],
    ['zh-Hant-TW', 'zh_TW'],
    ['x'.repeat(500), 'en_US'],
    ['<script>', 'en_US'],
    ['en-12, lt', 'lt_LT'],
    ['en-US-US', 'en_US'],
    ['', 'en_US'],
    [null, 'en_US'],
  ])('reads %j as %s', (header, locale) => {
    expect(localeOf(header, 'en_US')).toBe(locale);
  });
});

describe('uniqueIdentifierOf', () => {
  it('groups twelve digits by three', () => {
    expect(uniqueIdentifierOf('11840297366499')).toBe('118-402-973-664');
  });
});

describe('a repeated registration', () => {
  const at = new Date('2026-03-08T09:15:00Z');

  it('gets a key for ten minutes', () => {
    expect(maySeeKeyAgain(at, new Date('2026-03-08T09:25:00.000Z'))).toBe(true);
    expect(maySeeKeyAgain(at, new Date('2026-03-08T09:25:00.001Z'))).toBe(false);
  });

  it('gets one that lives 90 days', () => {
    expect(keyEnd(at)).toEqual(new Date('2026-06-06T09:15:00Z'));
  });
});

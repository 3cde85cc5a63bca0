import { describe, expect, it } from '@jest/globals';
import {
  agentPage,
  currency,
  dateTime,
  decimal,
  email,
  password,
  queryBoolean,
  text,
  timeZone,
  translatable,
} from './primitives.ts';
import { z } from 'zod';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('text', () => {
  it('is trimmed and counted in code points after NFC', () => {
    expect(text(1, 3).parse('  ☕☕☕ ')).toBe('☕☕☕');
    expect(text(1, 1).parse('e\u0301')).toBe('é');
    expect(takes(text(1, 3), '   ')).toBe(false);
    expect(takes(text(1, 3), '☕☕☕☕')).toBe(false);
  });

  it('refuses control characters and half characters, but not lines and tabs', () => {
    for (const bad of ['a\u0000', '\u001b[1m', 'a\u007f', 'a\ud800', '\udc00b'])
      expect(takes(text(1, 10), bad)).toBe(false);
    expect(takes(text(1, 10), 'a\n\tb')).toBe(true);
  });
});

describe('password', () => {
  it('is counted in code points, keeps its white space and is one in every form of Unicode', () => {
    expect(password.parse(' nine signs')).toBe(' nine signs');
    expect(password.parse('cafe\u0301 crème')).toBe('café crème');
    for (const good of ['☕'.repeat(10), 'x'.repeat(128)]) expect(takes(password, good)).toBe(true);
    for (const bad of ['☕'.repeat(9), 'x'.repeat(129), 'with\u0000a zero', 1234567890, null])
      expect(takes(password, bad)).toBe(false);
  });
});

describe('decimal', () => {
  it('keeps its bounds and its decimals', () => {
    const amount = decimal({ min: '0.01', max: '999999999.99' });
    for (const good of [0.01, 1, 999_999_999.99]) expect(takes(amount, good)).toBe(true);
    for (const bad of [0, -1, 1e9, Number.NaN, Infinity, '1', null]) expect(takes(amount, bad)).toBe(false);
    expect(takes(decimal({ above: 0, max: 10, places: 2 }), 1.234)).toBe(false);
    expect(takes(decimal({ above: 0, max: 10 }), 0)).toBe(false);
  });
});

describe('instants, zones, currencies, addresses', () => {
  it('need an offset', () => {
    expect(dateTime.parse('2026-03-08T09:15:00+02:00').toISOString()).toBe('2026-03-08T07:15:00.000Z');
    for (const bad of ['2026-03-08T09:15:00', '2026-03-08', '2026-02-30T00:00:00Z'])
      expect(takes(dateTime, bad)).toBe(false);
  });

  it('are of this world', () => {
    expect(['EUR', 'JPY', 'XXY', 'eur', 'EURO'].map((code) => takes(currency, code))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['Europe/Vilnius', 'UTC', 'Mars/Base', '../etc', ''].map((zone) => takes(timeZone, zone))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(email.parse(' Ann@Example.com ')).toBe('Ann@Example.com');
    for (const good of ["o'brien+club@example.co.uk", 'a/b=c@x-1.example', 'ann@xn--mnchen-3ya.de', '{a}@b.c'])
      expect(takes(email, good)).toBe(true);
    for (const bad of ['ann', 'ann@home', '@example.com', 'a b@example.com', 'a..b@example.com', '.a@example.com'])
      expect(takes(email, bad)).toBe(false);
    for (const bad of ['ann@-x.com', 'ann@x..com', 'ann@x.com.', 'ann@[127.0.0.1]', `${'a'.repeat(65)}@b.c`])
      expect(takes(email, bad)).toBe(false);
  });
});

describe('query values', () => {
  const page = z.strictObject(agentPage);

  it('are clamped or refused, never guessed', () => {
    expect(page.parse({})).toEqual({ page: 1, per_page: 25 });
    expect(page.parse({ page: '2', per_page: '5000' })).toEqual({ page: 2, per_page: 100 });
    for (const bad of ['0', '-1', '1.5', 'x', '', '1e3', ' 1'])
      expect([bad, takes(page, { page: bad })]).toEqual([bad, false]);
    expect(['true', 'false', '1', 'TRUE'].map((value) => takes(queryBoolean, value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('translatable', () => {
  it('is a text or texts by locale', () => {
    for (const good of ['Coffee', { en_US: 'Coffee', lt_LT: 'Kava' }]) expect(takes(translatable(10), good)).toBe(true);
    for (const bad of ['', {}, { en: 'Coffee' }, { en_US: '' }, { en_US: 'x'.repeat(11) }, 7]) {
      expect([bad, takes(translatable(10), bad)]).toEqual([bad, false]);
    }
  });
});

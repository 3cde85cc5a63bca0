import { describe, expect, it } from '@jest/globals';
import { addDays, dayIn, daysIn, instantOf, monthsIn, narrowed, periodOf, previousOf, shopsOf } from './rules.ts';

describe('periodOf', () => {
  it.each([
    ['the last 30 days by default', {}, '2026-03-31', { start: '2026-03-02', end: '2026-03-31' }],
    ['weeks from Monday', { period: 'week' }, '2026-03-08', { start: '2026-03-02', end: '2026-03-08' }],
    ['the quarter', { period: 'quarter' }, '2026-06-15', { start: '2026-04-01', end: '2026-06-15' }],
    ['the year', { period: 'year' }, '2026-06-15', { start: '2026-01-01', end: '2026-06-15' }],
    ['two weeks', { date_range: '2w' }, '2026-03-14', { start: '2026-03-01', end: '2026-03-14' }],
    ['a month', { date_range: '1m' }, '2026-03-31', { start: '2026-03-01', end: '2026-03-31' }],
    ['a leap year', { date_range: '1y' }, '2024-02-29', { start: '2023-03-01', end: '2024-02-29' }],
  ] as const)('is %s', (...[, query, today, period]) => {
    expect(periodOf(query, today)).toEqual(period);
  });

  it('refuses more than 1,096 days and says where', () => {
    expect(() => periodOf({ start_date: '2020-01-01', end_date: '2026-01-01' }, '2026-01-01')).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', details: { errors: { start_date: [expect.any(String)] } } }),
    );
  });
});

describe('previousOf', () => {
  it('is as long and ends the day before', () => {
    const period = { start: '2026-03-02', end: '2026-03-31' };

    expect(previousOf(period)).toEqual({ start: '2026-01-31', end: '2026-03-01' });
    expect(daysIn(previousOf(period))).toBe(daysIn(period));
  });
});

describe('monthsIn', () => {
  it.each([
    ['2026-01-15', '2026-04-20', '2026-02-01', '2026-04-01'],
    ['2026-01-01', '2026-03-31', '2026-01-01', '2026-04-01'],
    ['2025-12-31', '2026-02-28', '2026-01-01', '2026-03-01'],
    ['2026-03-02', '2026-04-29', '2026-04-30', '2026-04-30'],
    ['2026-03-08', '2026-03-08', '2026-03-09', '2026-03-09'],
  ])('of %s to %s are those from %s until %s', (...[start, end, from, until]) => {
    expect(monthsIn({ start, end })).toEqual({ from, until });
  });

  it('leave no day of a period out, and none twice', () => {
    for (let first = 0; first < 70; first += 1) {
      for (let length = 1; length < 130; length += 1) {
        const start = addDays('2023-12-20', first);
        const end = addDays(start, length - 1);
        const { from, until } = monthsIn({ start, end });
        const days = daysIn({ start, end: addDays(from, -1) }) + daysIn({ start: until, end });
        expect([from <= until, days + daysIn({ start: from, end: addDays(until, -1) })]).toEqual([true, length]);
      }
    }
  });
});

describe('dayIn', () => {
  it('is the day of the zone, also across a change of the clock', () => {
    expect(dayIn('Europe/Vilnius', new Date('2026-03-28T22:30:00Z'))).toBe('2026-03-29');
    expect(dayIn('America/New_York', new Date('2026-03-08T04:59:59Z'))).toBe('2026-03-07');
  });
});

describe('instantOf', () => {
  it.each([
    ['Europe/Vilnius', '2026-03-29', '2026-03-28T22:00:00.000Z'],
    ['Europe/Vilnius', '2026-03-30', '2026-03-29T21:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['Asia/Kathmandu', '2026-03-08', '2026-03-07T18:15:00.000Z'],
    ['UTC', '2026-03-08', '2026-03-08T00:00:00.000Z'],
  ])('begins the day in %s on %s', (zone, day, instant) => {
    expect(instantOf(zone, day).toISOString()).toBe(instant);
  });
});

describe('narrowed', () => {
  it('is the shop of the header, unless other shops are named', () => {
    expect(narrowed('a,b', null)).toBe('a,b');
    expect(['a', 'A', 'all', undefined].map((asked) => narrowed(asked, 'a'))).toEqual(['a', 'a', 'a', 'a']);
    expect(() => narrowed('a,b', 'a')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        details: { errors: { 'X-Shop-ID': [expect.any(String)] } },
      }),
    );
  });
});

describe('shopsOf', () => {
  const known = ['a', 'b', 'c'];

  it('is null for all, a list for some, and 404 for one out of reach', () => {
    expect(shopsOf(undefined, { known, reach: null })).toBeNull();
    expect(shopsOf('all', { known, reach: ['b', 'x'] })).toEqual(['b']);
    expect(shopsOf('a,b', { known, reach: null })).toEqual(['a', 'b']);
    expect(() => shopsOf('a', { known, reach: ['b'] })).toThrow(
      expect.objectContaining({ code: 'CLUB_NOT_FOUND', details: { club_id: 'a', accessible_shops: ['b'] } }),
    );
  });
});

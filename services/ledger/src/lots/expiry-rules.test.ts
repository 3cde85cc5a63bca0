import { describe, expect, it } from '@jest/globals';
import { activatesAt, expiresAt } from './expiry-rules.ts';

const terms = { pointsExpirationMonths: 12, pointsExpirationRounding: 'none', pendingDays: 0 } as const;
const VILNIUS = 'Europe/Vilnius';

describe('expiresAt', () => {
  it.each([
    ['a year later, same local time', '2026-03-08T09:15:00.000Z', terms, '2027-03-08T09:15:00.000Z'],
    [
      'the same local time in summer time',
      '2026-01-15T10:00:00.000Z',
      { ...terms, pointsExpirationMonths: 6 },
      '2026-07-15T09:00:00.000Z',
    ],
    [
      'the last of the month for a missing day',
      '2026-01-31T12:00:00.000Z',
      { ...terms, pointsExpirationMonths: 1 },
      '2026-02-28T12:00:00.000Z',
    ],
    ['29 February', '2028-02-29T12:00:00.000Z', terms, '2029-02-28T12:00:00.000Z'],
    [
      'the local day counts, not the day in UTC',
      '2026-01-30T22:30:00.000Z',
      { ...terms, pointsExpirationMonths: 1 },
      '2026-02-27T22:30:00.000Z',
    ],
    [
      'a local time in the hour that is skipped: an hour later',
      '2026-01-29T01:30:00.000Z',
      { ...terms, pointsExpirationMonths: 2 },
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'to the end of the day',
      '2026-03-08T09:15:00.000Z',
      { ...terms, pointsExpirationRounding: 'day' },
      '2027-03-08T22:00:00.000Z',
    ],
    [
      'to the end of the month, in summer time by then',
      '2026-03-08T09:15:00.000Z',
      { ...terms, pointsExpirationRounding: 'month' },
      '2027-03-31T21:00:00.000Z',
    ],
    [
      'to the end of the quarter',
      '2026-05-08T09:15:00.000Z',
      { ...terms, pointsExpirationRounding: 'quarter' },
      '2027-06-30T21:00:00.000Z',
    ],
    [
      'to the end of the year',
      '2026-05-08T09:15:00.000Z',
      { ...terms, pointsExpirationRounding: 'year' },
      '2027-12-31T22:00:00.000Z',
    ],
    [
      '1,200 months',
      '2026-03-08T09:15:00.000Z',
      { ...terms, pointsExpirationMonths: 1_200 },
      '2126-03-08T09:15:00.000Z',
    ],
  ] as const)('%s', (...[, earned, card, due]) => {
    expect(expiresAt(new Date(earned), card, VILNIUS)?.toISOString()).toBe(due);
  });

  it('is never without months', () => {
    expect(expiresAt(new Date(), { ...terms, pointsExpirationMonths: null }, VILNIUS)).toBeNull();
  });
});

describe('activatesAt', () => {
  it('is at once without pending days', () => {
    expect(activatesAt(new Date(), terms, VILNIUS)).toBeNull();
  });

  it('keeps the local time across a change of the clocks', () => {
    const at = activatesAt(new Date('2026-10-20T09:00:00.000Z'), { ...terms, pendingDays: 14 }, VILNIUS);
    expect(at?.toISOString()).toBe('2026-11-03T10:00:00.000Z');
  });
});

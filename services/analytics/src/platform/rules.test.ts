import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../facts/rules.ts';
import { byTier, rangeOf, revenueOf } from './rules.ts';
import { utcSums } from './sums-rules.ts';

describe('rangeOf', () => {
  const today = '2026-03-08';

  it.each([
    ['nothing', {}, '2026-02-07', '2026-03-08'],
    ['an end', { to: '2026-01-31' }, '2026-01-02', '2026-01-31'],
    ['a beginning', { from: '2026-03-01' }, '2026-03-01', '2026-03-08'],
    ['both', { from: '2025-03-08', to: '2026-03-08' }, '2025-03-08', '2026-03-08'],
  ])('is of %s', (_name, query, ...days) => {
    expect(rangeOf(query, today)).toEqual({ start: days[0], end: days[1] });
  });

  it('refuses more than 366 days, and a beginning after today', () => {
    expect(() => rangeOf({ from: '2025-03-07' }, today)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
    expect(() => rangeOf({ from: '2026-03-09' }, today)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
  });
});

const fact = (rest: Partial<Fact>): Fact => ({
  ...{
    partnerId: 'p',
    memberId: 'm',
    cardId: 'c',
    clubId: 'k',
    transactionId: 't',
    day: '2026-03-09',
    currency: 'EUR',
  },
  ...{ event: 'staff_credited_points_for_purchase', points: 10, purchaseMinor: 100 },
  occurredAt: new Date('2026-03-08T22:00:00Z'),
  ...rest,
});

describe('utcSums', () => {
  it('adds up by partner, UTC day and currency', () => {
    const sums = utcSums([
      fact({}),
      fact({ occurredAt: new Date('2026-03-09T00:00:00Z') }),
      fact({ event: 'initial_bonus_points', points: 5, purchaseMinor: null }),
      fact({ event: 'member_redeemed_points_for_reward', points: -7, purchaseMinor: null }),
      fact({ event: 'points_expired', points: -3, purchaseMinor: null }),
      fact({ currency: 'JPY', purchaseMinor: 300 }),
    ]);

    expect(sums).toEqual([
      expect.objectContaining({ day: '2026-03-08', currency: 'EUR', purchases: 1, redemptions: 1, revenueMinor: 100 }),
      expect.objectContaining({ day: '2026-03-09', currency: 'EUR', purchases: 1, revenueMinor: 100 }),
      expect.objectContaining({ day: '2026-03-08', currency: 'JPY', purchases: 1, revenueMinor: 300 }),
    ]);
    expect(sums[0]).toMatchObject({ pointsIssued: 15, pointsRedeemed: 7, pointsExpired: 3 });
  });
});

describe('the figures', () => {
  const sums = (tier: 'standard' | 'enterprise', currency: string, purchases: number) => ({
    ...{ tier, currency, purchases, revenueMinor: purchases * 150 },
    ...{ pointsIssued: 0, pointsRedeemed: 0, pointsExpired: 0 },
  });

  it('show every plan, and revenue by currency in major units', () => {
    const rows = [
      sums('standard', 'JPY', 1),
      sums('enterprise', 'EUR', 2),
      sums('standard', 'EUR', 1),
      sums('standard', 'USD', 0),
    ];

    expect(byTier([{ tier: 'enterprise', total: 3, created: 1 }], rows)).toEqual([
      { tier: 'standard', partners: 0, transactions: 2 },
      { tier: 'professional', partners: 0, transactions: 0 },
      { tier: 'enterprise', partners: 3, transactions: 2 },
    ]);
    expect(revenueOf(rows)).toEqual([
      { currency: 'EUR', amount: 4.5 },
      { currency: 'JPY', amount: 150 },
    ]);
  });
});

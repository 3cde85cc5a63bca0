import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bySpending, expiriesDue, hasWoken, insertLot, lotsToSpend, sumOf, type Lot, type Spend } from './rules.ts';

const NOW = new Date('2026-03-08T09:15:00.000Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

const lot = (lotId: string, fields: Partial<Lot> = {}): Lot => ({
  ...{ lotId, cardId: 'card', clubId: 'club', points: 100, remaining: 100 },
  ...{ earnedAt: inDays(-10), activatesAt: null, expiresAt: inDays(10), isCounted: true },
  ...fields,
});

const shown = (spends: readonly Spend[]) => spends.map(({ lot: { lotId }, points }) => [lotId, points]);

describe('lotsToSpend', () => {
  it('takes the earliest expiry first, never-expiring last, then the oldest', () => {
    const lots = [
      lot('never', { expiresAt: null }),
      lot('late', { expiresAt: inDays(20) }),
      lot('young', { earnedAt: inDays(-1) }),
      lot('old', { earnedAt: inDays(-9) }),
    ].toSorted(bySpending);

    expect(shown(lotsToSpend(lots, 350, NOW))).toEqual([
      ['old', 100],
      ['young', 100],
      ['late', 100],
      ['never', 50],
    ]);
  });

  it('leaves lots that expire at this instant, and lots that are not active yet', () => {
    const lots = [
      lot('due', { expiresAt: NOW }),
      lot('pending', { activatesAt: inDays(1) }),
      lot('woken', { activatesAt: NOW, expiresAt: inDays(11) }),
    ];

    expect(shown(lotsToSpend(lots, 40, NOW))).toEqual([['woken', 40]]);
  });

  it('never takes from a lot more than it has, and takes exactly what was asked', () => {
    const lots = fc.array(fc.record({ remaining: fc.nat(50), days: fc.integer({ min: 1, max: 9 }) }), { minLength: 1 });
    fc.assert(
      fc.property(lots, fc.nat(1_000), (sizes, wanted) => {
        const open = sizes
          .map(({ remaining, days }, n) => lot(`lot-${n}`, { remaining, expiresAt: inDays(days) }))
          .toSorted(bySpending);
        const points = Math.min(
          wanted,
          open.reduce((sum, { remaining }) => sum + remaining, 0),
        );

        const spends = lotsToSpend(open, points, NOW);

        expect(sumOf(spends)).toBe(points);
        for (const spend of spends) {
          expect(spend.points).toBeGreaterThan(0);
          expect(spend.points).toBeLessThanOrEqual(spend.lot.remaining);
        }
      }),
    );
  });
});

describe('insertLot', () => {
  it('keeps the order of spending', () => {
    const days = fc.array(fc.option(fc.integer({ min: 1, max: 30 })));
    fc.assert(
      fc.property(days, (expiries) => {
        const lots: Lot[] = [];
        for (const [n, day] of expiries.entries()) {
          insertLot(lots, lot(`lot-${n}`, { expiresAt: day === null ? null : inDays(day) }));
        }
        expect(lots).toEqual(lots.toSorted(bySpending));
      }),
    );
  });
});

describe('expiriesDue', () => {
  it('is one expiry for each instant that is past, in their order', () => {
    const lots = [
      lot('b', { expiresAt: inDays(-2) }),
      lot('a', { expiresAt: inDays(-2), remaining: 30 }),
      lot('now', { expiresAt: NOW }),
      lot('empty', { expiresAt: inDays(-1), remaining: 0 }),
      lot('later'),
    ].toSorted(bySpending);

    expect(expiriesDue(lots, NOW).map(({ at, spends }) => [at, shown(spends)])).toEqual([
      [
        inDays(-2),
        [
          ['a', 30],
          ['b', 100],
        ],
      ],
      [NOW, [['now', 100]]],
    ]);
  });
});

describe('hasWoken', () => {
  it.each([
    ['active from the beginning', {}, true],
    ['active at this instant', { activatesAt: NOW }, true],
    ['not active yet', { activatesAt: inDays(1) }, false],
    ['expired before it became active', { activatesAt: inDays(-1), expiresAt: inDays(-2) }, false],
  ])('%s', (_name, fields, woken) => {
    expect(hasWoken(lot('lot', fields), NOW)).toBe(woken);
  });
});

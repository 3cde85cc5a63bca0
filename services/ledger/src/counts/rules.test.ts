import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOfDay, startOfDay } from '../calendar/rules.ts';
import { partsOf, subjectOf } from './rules.ts';

const HOUR_MS = 3_600_000;
const at = (text: string) => new Date(`${text}Z`);

describe('partsOf', () => {
  it('is all months without an end, newest first, and hours and rests where a period is cut', () => {
    expect(partsOf({})).toEqual([{ span: 'month', since: null, until: null }]);
    expect(partsOf({ from: at('2026-01-30T22:30') })).toEqual([
      { span: 'month', since: at('2026-02-01T00:00'), until: null },
      { span: 'hour', since: at('2026-01-30T23:00'), until: at('2026-02-01T00:00') },
      { span: 'entry', since: at('2026-01-30T22:30'), until: at('2026-01-30T23:00') },
    ]);
    expect(partsOf({ to: at('2026-01-30T22:00') })).toEqual([
      { span: 'hour', since: at('2026-01-01T00:00'), until: at('2026-01-30T22:00') },
      { span: 'month', since: null, until: at('2026-01-01T00:00') },
    ]);
  });

  it.each([
    ['Europe/Vilnius', ['hour']],
    ['UTC', ['month']],
    ['Asia/Kolkata', ['entry', 'hour', 'entry']],
  ])('reads a month of %s as %j', (timeZone, spans) => {
    const parts = partsOf({ from: startOfDay('2026-03-01', timeZone), to: endOfDay('2026-03-31', timeZone) });

    expect(parts.map(({ span }) => span)).toEqual(spans);
  });

  const instant = fc.date({ min: at('1900-01-01T00:00'), max: at('9999-12-30T00:00'), noInvalidDate: true });
  const near = fc.tuple(instant, fc.integer({ min: 0, max: 100 * 24 * 60 })).map(([from, minutes]) => {
    return { from, to: new Date(from.getTime() + minutes * 60_000) };
  });
  const period = fc.oneof(near, fc.record({ from: fc.option(instant), to: fc.option(instant) }));

  it('covers each instant of a period once, and nothing else', () => {
    fc.assert(
      fc.property(period, fc.array(instant), ({ from, to }, instants) => {
        const parts = partsOf({ from, to });
        const edges = parts.flatMap(({ since, until }) => [since, until]).filter((edge) => edge !== null);
        const around = edges.flatMap((edge) => [-1, 0, 1].map((ms) => new Date(edge.getTime() + ms)));
        for (const one of [...instants, ...around]) {
          const isIn = (from === null || one >= from) && (to === null || one < to);
          const times = parts.filter(
            ({ since, until }) => (since === null || one >= since) && (until === null || one < until),
          ).length;
          expect(times).toBe(isIn ? 1 : 0);
        }
      }),
    );
  });

  it('cuts months and hours nowhere but at their ends, and counts less than an hour entry by entry', () => {
    fc.assert(
      fc.property(period, ({ from, to }) => {
        for (const { span, since, until } of partsOf({ from, to })) {
          const edges = [since, until].filter((edge) => edge !== null);
          if (span === 'entry') expect(until!.getTime() - since!.getTime()).toBeLessThan(2 * HOUR_MS);
          else expect(edges.filter((edge) => edge.getTime() % HOUR_MS !== 0)).toEqual([]);
          if (span === 'month') expect(edges.filter((edge) => !edge.toISOString().includes('-01T00:00'))).toEqual([]);
        }
      }),
    );
  });
});

describe('subjectOf', () => {
  const now = at('2026-01-01T00:00');
  const partnerId = 'partner';

  it('is the partner, or the one thing that is asked for', () => {
    expect(subjectOf({ partnerId, now })).toEqual({ partnerId, scopeId: 'partner', event: null });
    expect(subjectOf({ partnerId, now, clubId: 'club', event: 'points_expired', from: now })).toEqual({
      ...{ partnerId, scopeId: 'club', event: 'points_expired' },
    });
    expect(subjectOf({ partnerId, now, staffId: 'ona' })).toMatchObject({ scopeId: 'ona' });
  });

  it.each([
    { memberId: 'member' },
    { status: 'pending' as const },
    { reference: 'receipt' },
    { claimCode: 'CODE' },
    { cardId: 'card', staffId: 'ona' },
  ])('is none for %j', (filter) => {
    expect(subjectOf({ partnerId, now, ...filter })).toBeNull();
  });
});

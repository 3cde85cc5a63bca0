import { describe, expect, it } from '@jest/globals';
import { byKind, compareCount, compareEntries, isSame } from '../scripts/lib/arrival-rules.ts';

const listed = (reference: string, points = 10) => ({ reference, note: null, points });
const nothing = { expected: {}, unsure: {} };

describe('compareEntries', () => {
  it('finds what tills were told, by its reference or by its note', () => {
    const entries = [listed('r1'), { reference: null, note: 'r2', points: -50 }];

    expect(compareEntries(entries, { expected: { r1: 10, r2: 50 }, unsure: {} })).toEqual({
      ...{ found: 2, twice: [], wrong: [], unknown: [], missing: [] },
    });
  });

  it('names what is missing, and what is there a second time', () => {
    const told = { expected: { r1: 10, r2: 10 }, unsure: {} };

    expect(compareEntries([listed('r1'), listed('r1')], told)).toMatchObject({
      ...{ found: 1, twice: ['r1'], missing: ['r2'] },
    });
  });

  it('sees other points than a till was told', () => {
    const { wrong } = compareEntries([listed('r1', 11)], { expected: { r1: 10 }, unsure: {} });

    expect(wrong).toEqual(['r1: 11 points, its till was told 10']);
  });

  it('takes what got no answer as it is, but not twice', () => {
    const told = { expected: {}, unsure: { r1: 1 } };

    expect(compareEntries([listed('r1')], told)).toMatchObject({ unknown: [], missing: [], twice: [] });
    expect(compareEntries([], told)).toMatchObject({ missing: [] });
    expect(compareEntries([listed('r1'), listed('r1')], told)).toMatchObject({ twice: ['r1'] });
  });

  it('knows what no till pushed', () => {
    const stray = { reference: null, note: null, points: 1 };

    expect(compareEntries([listed('r9'), stray], nothing)).toMatchObject({
      unknown: ['r9', 'neither reference nor note'],
    });
  });
});

describe('compareCount', () => {
  it.each([
    [5, 0, { found: 5, missing: 0, twice: 0 }],
    [4, 0, { found: 4, missing: 1, twice: 0 }],
    [6, 0, { found: 5, missing: 0, twice: 1 }],
    [6, 1, { found: 5, missing: 0, twice: 0 }],
    [7, 1, { found: 5, missing: 0, twice: 1 }],
  ])('of %i where 5 were told and %i are unsure', (there, unsure, result) => {
    expect(compareCount(there, { told: 5, unsure })).toEqual(result);
  });
});

describe('isSame', () => {
  it('looks at values, not at the order of their names', () => {
    expect(isSame({ a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 })).toBe(true);
    expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  });
});

describe('byKind', () => {
  it('has a claim of the member among what was spent, and leaves nothing out', () => {
    const entries = [
      'staff_credited_points_for_purchase',
      'staff_redeemed_points_for_reward',
      'member_redeemed_points_for_reward',
      'stamp_card_reward_points',
      'voucher_bonus_points',
      'points_adjusted',
    ].map((event) => ({ event }));
    const { purchases, spent, fromStamps, fromVouchers, others } = byKind(entries);

    expect([purchases, spent, fromStamps, fromVouchers, others].map(({ length }) => length)).toEqual([1, 2, 1, 1, 1]);
    expect(others).toEqual([{ event: 'points_adjusted' }]);
  });
});

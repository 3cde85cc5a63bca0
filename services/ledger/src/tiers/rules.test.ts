import { describe, expect, it } from '@jest/globals';
import { laddersOf, nextTier, PARTNER_WIDE, pointsToNextTier, scopeFor, tierAt, type Tier } from './rules.ts';

const tier = (name: string, pointsThreshold: number, fields: Partial<Tier> = {}): Tier => ({
  ...{ tierId: name, scopeId: PARTNER_WIDE, name, pointsThreshold },
  ...{ multiplierBp: 10_000, redemptionDiscountBp: 0, isDefault: false, isActive: true, isDeleted: false },
  ...fields,
});

const ladder = [tier('gold', 5_000), tier('bronze', 100, { isDefault: true }), tier('silver', 1_000)];

describe('tierAt', () => {
  it.each([
    ['the default tier below all thresholds', 0, 'bronze'],
    ['a tier from its threshold on', 1_000, 'silver'],
    ['the tier below until then', 999, 'bronze'],
    ['the top', 1_000_000, 'gold'],
  ])('is %s', (_name, points, name) => {
    expect(tierAt(ladder, points)?.name).toBe(name);
  });

  it('passes over a tier that is switched off', () => {
    expect(tierAt([tier('silver', 1_000, { isActive: false }), ladder[1]!], 2_000)?.name).toBe('bronze');
  });

  it('is none without a ladder', () => {
    expect(tierAt(undefined, 2_000)).toBeNull();
  });
});

describe('nextTier', () => {
  it.each([
    [0, 'silver'],
    [1_000, 'gold'],
    [5_000, undefined],
  ])('with %i points is %s', (points, name) => {
    expect(nextTier(ladder, points)?.name).toBe(name);
  });

  it('passes over a tier that is switched off', () => {
    const withoutSilver = [tier('silver', 1_000, { isActive: false }), ladder[0]!, ladder[1]!];

    expect(nextTier(withoutSilver, 200)?.name).toBe('gold');
    expect(nextTier(undefined, 200)).toBeNull();
  });
});

describe('pointsToNextTier', () => {
  it.each([
    // The default tier is held below its threshold, too: the next is the one above it.
    [0, 1_000],
    [100, 900],
    [4_999, 1],
    [5_000, null],
  ])('with %i points', (points, missing) => {
    expect(pointsToNextTier(ladder, points)).toBe(missing);
  });
});

describe('scopeFor', () => {
  it('is the club of the card if that has a ladder, else the partner', () => {
    const ladders = laddersOf([...ladder, tier('local', 0, { scopeId: 'club' })]);

    expect(scopeFor(ladders, 'club')).toBe('club');
    expect(scopeFor(ladders, 'another club')).toBe(PARTNER_WIDE);
    expect(scopeFor(laddersOf([tier('gone', 0, { scopeId: 'club', isDeleted: true })]), 'club')).toBe(PARTNER_WIDE);
  });
});

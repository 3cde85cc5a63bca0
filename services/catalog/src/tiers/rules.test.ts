import { AppError } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newTier, requireDeletable, requirePlace, requireSameLadder, settleDefault, type TierFields } from './rules.ts';
import type { Tier } from './store.ts';

const now = new Date('2026-03-08T09:15:00Z');

let made = 0;
const tierOf = (fields: TierFields, ladder: readonly Tier[] = []): Tier => {
  made += 1;
  return newTier(
    ladder,
    { name: `tier ${made}`, pointsThreshold: made, ...fields },
    { partnerId: 'p', tierId: `tier-${made}`, clubId: null, now },
  );
};

const refusalOf = (act: () => unknown): unknown => {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'VALIDATION_FAILED' ? Object.keys(error.details['errors'] as object)[0] : error.details;
  }
};

const bronze = tierOf({ name: 'bronze', level: 0, pointsThreshold: 0, isDefault: true });
const gold = tierOf({ name: 'gold', level: 5, pointsThreshold: 5_000 });
const ladder = [bronze, gold];

describe('newTier', () => {
  it('is one above the highest, or the lowest of an empty ladder', () => {
    expect([tierOf({}, ladder).level, tierOf({}).level, tierOf({ level: 3 }, ladder).level]).toEqual([6, 0, 3]);
  });

  it('asks for a level when there is none above the highest', () => {
    const top = [tierOf({ level: 100 })];

    expect(refusalOf(() => tierOf({}, top))).toBe('level');
    expect(refusalOf(() => tierOf({ level: 99 }, top))).toBeNull();
  });
});

describe('requirePlace', () => {
  it.each([
    ['between both', { level: 1, pointsThreshold: 1 }, null],
    ['above both', { level: 6, pointsThreshold: 5_001 }, null],
    ['with a name that is taken', { name: 'GOLD', level: 1, pointsThreshold: 1 }, taken('name', gold)],
    ['with a level that is taken', { level: 5, pointsThreshold: 6_000 }, taken('level', gold)],
    ['with a threshold that is taken', { level: 1, pointsThreshold: 0 }, taken('points_threshold', bronze)],
    ['higher, for less', { level: 6, pointsThreshold: 4_999 }, 'points_threshold'],
    ['lower, for more', { level: 4, pointsThreshold: 5_001 }, 'points_threshold'],
  ])('a tier %s', (_name, fields, refusal) => {
    expect(refusalOf(() => requirePlace(ladder, tierOf(fields)))).toEqual(refusal);
  });

  it('does not compare a tier with itself', () => {
    expect(refusalOf(() => requirePlace(ladder, { ...gold, level: 4, pointsThreshold: 10 }))).toBeNull();
  });
});

describe('settleDefault', () => {
  it('makes the first tier the default, whatever was asked', () => {
    expect(settleDefault([], tierOf({ isDefault: false })).tier.isDefault).toBe(true);
  });

  it('hands the default over', () => {
    const { tier, former } = settleDefault(ladder, { ...gold, isDefault: true });

    expect([tier.isDefault, former]).toEqual([true, { ...bronze, isDefault: false }]);
  });

  it.each([
    ['given up', { ...bronze, isDefault: false }],
    ['switched off', { ...bronze, isActive: false }],
    ['claimed by a tier that is off', { ...gold, isDefault: true, isActive: false }],
  ])('refuses a default that is %s', (_name, tier) => {
    expect(refusalOf(() => settleDefault(ladder, tier))).toEqual({ reason: 'default_tier' });
  });
});

describe('requireDeletable', () => {
  it('lets the default go last', () => {
    expect(refusalOf(() => requireDeletable(ladder, bronze, 0))).toEqual({ reason: 'default_tier' });
    expect(refusalOf(() => requireDeletable(ladder, gold, 0))).toBeNull();
    expect(refusalOf(() => requireDeletable([bronze], bronze, 0))).toBeNull();
  });

  it('keeps a tier that vouchers target', () => {
    const refusal = { reason: 'in_use', blocking: { vouchers: 2 } };

    expect(refusalOf(() => requireDeletable(ladder, gold, 2))).toEqual(refusal);
  });
});

describe('requireSameLadder', () => {
  it('takes the ladder it has, and nothing said', () => {
    expect(refusalOf(() => requireSameLadder(gold, undefined))).toBeNull();
    expect(refusalOf(() => requireSameLadder(gold, null))).toBeNull();
    expect(refusalOf(() => requireSameLadder(gold, 'club'))).toBe('club_id');
  });
});

describe('a ladder', () => {
  const wish = fc.record({
    level: fc.nat(8),
    pointsThreshold: fc.nat(8),
    isDefault: fc.boolean(),
    isActive: fc.boolean(),
  });

  it('has rising thresholds and one default that is on, after whatever was asked of it', () => {
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        let tiers: Tier[] = [];
        for (const fields of wishes) {
          refusalOf(() => {
            const asked = tierOf(fields);
            requirePlace(tiers, asked);
            const { tier, former } = settleDefault(tiers, asked);
            tiers = [...tiers.map((other) => (other.tierId === former?.tierId ? former : other)), tier];
          });
        }

        const byLevel = tiers.toSorted((a, b) => a.level - b.level).map(({ pointsThreshold }) => pointsThreshold);
        expect(byLevel).toEqual([...new Set(byLevel)].toSorted((a, b) => a - b));
        const defaults = tiers.filter(({ isDefault }) => isDefault);
        expect(defaults.map(({ isActive }) => isActive)).toEqual(tiers.length === 0 ? [] : [true]);
      }),
    );
  });
});

function taken(field: string, { tierId }: Tier) {
  return { field, existing_id: tierId };
}

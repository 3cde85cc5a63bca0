import { describe, expect, it } from '@jest/globals';
import { newTerms, type TermFields } from '../vouchers/rules.ts';
import { refusalOf, StandingNeeded, type Redeeming } from './rules.ts';

const now = new Date('2026-03-08T12:00:00.000Z');
const DAY_MS = 86_400_000;
const before = (ms: number) => new Date(now.getTime() - ms);

const voucher = ({ timesUsed = 0, ...fields }: TermFields & { timesUsed?: number } = {}) => ({
  ...newTerms({ clubId: 'club', name: 'x', type: 'free_shipping', ...fields }, { currency: 'EUR' }),
  timesUsed,
});

const redeeming = (fields: Partial<Redeeming> = {}): Redeeming => ({
  ...{ memberId: 'member', registeredAt: before(DAY_MS), standing: null, orderMinor: null, memberUses: 0, now },
  ...fields,
});

const code = (terms: Parameters<typeof voucher>[0], fields?: Partial<Redeeming>) => {
  const refusal = refusalOf(voucher(terms), redeeming(fields));
  return refusal && (refusal.details['reason'] ?? refusal.code);
};

describe('refusalOf', () => {
  it('lets through what nothing forbids', () => {
    expect(code({})).toBeUndefined();
  });

  it('begins at valid_from and has ended at valid_until', () => {
    expect(code({ validFrom: now })).toBeUndefined();
    expect(code({ validFrom: new Date(now.getTime() + 1) })).toBe('VOUCHER_NOT_STARTED');
    expect(code({ validUntil: now })).toBe('VOUCHER_EXPIRED');
    expect(code({ validUntil: new Date(now.getTime() + 1) })).toBeUndefined();
  });

  it('counts days of 24 hours since the registration, the last one included', () => {
    const registeredAt = before(7 * DAY_MS);
    expect(code({ newMembersDays: 7 }, { registeredAt })).toBeUndefined();
    expect(code({ newMembersDays: 7 }, { registeredAt: before(7 * DAY_MS + 1) })).toBe('not_a_new_member');
  });

  it('needs to know where the member stands only for tiers and first orders, and not before what it knows', () => {
    expect(() => code({ targetTiers: ['gold'] })).toThrow(StandingNeeded);
    expect(() => code({ firstOrderOnly: true })).toThrow(StandingNeeded);
    expect(code({ targetTiers: ['gold'], isActive: false })).toBe('inactive');
    expect(code({ firstOrderOnly: true, newMembersDays: 1 }, { registeredAt: before(2 * DAY_MS) })).toBe(
      'not_a_new_member',
    );
  });

  it('takes any one of its tiers, and nobody who has bought for a first order', () => {
    const standing = { tierIds: ['gold', 'club-silver'], hasPurchased: true };
    expect(code({ targetTiers: ['club-silver', 'other'] }, { standing })).toBeUndefined();
    expect(code({ targetTiers: ['other'] }, { standing })).toBe('tier_not_targeted');
    expect(code({ firstOrderOnly: true }, { standing })).toBe('not_first_order');
    expect(code({ firstOrderOnly: true }, { standing: { ...standing, hasPurchased: false } })).toBeUndefined();
  });

  it('takes an order of exactly the minimum', () => {
    expect(code({ minPurchaseMinor: 1_000 }, { orderMinor: 1_000 })).toBeUndefined();
    expect(code({ minPurchaseMinor: 1_000 }, { orderMinor: 999 })).toBe('VOUCHER_MINIMUM_NOT_MET');
    expect(code({ minPurchaseMinor: 1_000 })).toBe('VOUCHER_MINIMUM_NOT_MET');
  });

  it('asks what the member has used before what all have', () => {
    const used = { maxUsesTotal: 1, timesUsed: 1 };
    expect(code({ ...used, maxUsesPerMember: 1 }, { memberUses: 1 })).toBe('VOUCHER_MEMBER_LIMIT');
    expect(code({ ...used, maxUsesPerMember: 1 }, { memberUses: 0 })).toBe('VOUCHER_EXHAUSTED');
    expect(code({ maxUsesPerMember: null, timesUsed: 1_000 }, { memberUses: 1_000 })).toBeUndefined();
  });
});

import { toDecimal } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedVoucher, codeOf, newTerms, newVoucher, remainingUses, shownValue } from './rules.ts';

const base = { clubId: 'club', name: 'x' } as const;
const now = new Date('2026-03-08T12:00:00.000Z');

describe('newTerms', () => {
  it('keeps every percentage of two decimals exactly, and shows it as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (hundredths) => {
        const written = Number((hundredths / 100).toFixed(2));
        const terms = newTerms({ ...base, type: 'percentage', value: toDecimal(written) }, { currency: 'EUR' });
        expect(terms.value).toBe(hundredths);
        expect(shownValue(terms)).toBe(written);
      }),
    );
  });

  it('takes the currency of the partner where none is named', () => {
    expect(newTerms({ ...base, type: 'free_shipping', currency: null }, { currency: 'JPY' }).currency).toBe('JPY');
    expect(newTerms({ ...base, type: 'free_shipping', currency: 'GBP' }, { currency: 'JPY' }).currency).toBe('GBP');
  });

  it('names fields where they were sent', () => {
    const make = () => newTerms({ ...base, type: 'percentage' }, { currency: 'EUR', path: 'template.' });
    expect(make).toThrow(expect.objectContaining({ details: { errors: { 'template.value': expect.anything() } } }));
  });
});

describe('changedVoucher', () => {
  const terms = newTerms(
    { ...base, type: 'bonus_points', value: toDecimal(5), rewardCardId: 'card' },
    { currency: 'EUR' },
  );
  const voucher = newVoucher({ partnerId: 'partner', voucherId: 'voucher', code: 'CODE', now }, terms);

  it('lets go what belongs to the type that it leaves', () => {
    const changed = changedVoucher(voucher, { type: 'free_shipping' }, { currency: 'EUR', now });
    expect(changed).toMatchObject({ type: 'free_shipping', value: null, rewardCardId: null, code: 'CODE' });
  });

  it('may say its own type again after it was used', () => {
    const used = { ...voucher, timesUsed: 1 };
    expect(changedVoucher(used, { type: 'bonus_points' }, { currency: 'EUR', now }).value).toBe(5);
    expect(() => changedVoucher(used, { type: 'free_shipping' }, { currency: 'EUR', now })).toThrow('type fixed');
  });
});

describe('remainingUses', () => {
  it('is never below none', () => {
    expect(remainingUses({ maxUsesTotal: 2, timesUsed: 3 })).toBe(0);
    expect(remainingUses({ maxUsesTotal: null, timesUsed: 3 })).toBeNull();
  });
});

describe('codeOf', () => {
  it('folds ASCII only: what another alphabet would fold to a code is none', () => {
    expect(codeOf('spring_10-a')).toBe('SPRING_10-A');
    for (const text of ['ſpring', 'ıstanbul', 'STRAßE', 'ab', 'A'.repeat(65), 'A B C', 'ABC\n']) {
      expect(codeOf(text)).toBeNull();
    }
  });
});

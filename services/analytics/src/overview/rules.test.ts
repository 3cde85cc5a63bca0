import { describe, expect, it } from '@jest/globals';
import { bestShops, meanAmount, orderIncrease, otherCurrencies, percent, type ShopSums } from './rules.ts';

const shop: ShopSums = {
  clubId: 'a',
  currency: 'EUR',
  purchases: 60,
  revenueMinor: 60_000,
  attributedMinor: 0,
  pointsIssued: 0,
  pointsRedeemed: 0,
  afterPurchases: 30,
  afterMinor: 36_000,
};

describe('percent', () => {
  it('has two decimals, and is null of nothing', () => {
    expect(percent(1, 3)).toBe(33.33);
    expect(percent(2, 3)).toBe(66.67);
    expect(percent(0, 0)).toBeNull();
  });
});

describe('meanAmount', () => {
  it('is rounded to the decimals of the currency', () => {
    expect(meanAmount(10_000, 3, 'EUR')).toBe(33.33);
    expect(meanAmount(1_000, 3, 'JPY')).toBe(333);
    expect(meanAmount(0, 0, 'EUR')).toBeNull();
  });
});

describe('orderIncrease', () => {
  it('compares the means after the first redemption and before it', () => {
    expect(orderIncrease([shop])).toBe(50);
  });

  it('is null below thirty purchases on either side', () => {
    expect(orderIncrease([{ ...shop, afterPurchases: 29 }])).toBeNull();
    expect(orderIncrease([{ ...shop, purchases: 59 }])).toBeNull();
  });
});

describe('otherCurrencies', () => {
  it('sums what is not in the own currency, by code', () => {
    const shops = [shop, { ...shop, currency: 'USD' }, { ...shop, currency: 'JPY' }, { ...shop, currency: 'USD' }];

    expect(otherCurrencies(shops, 'EUR')).toEqual([
      { currency: 'JPY', revenue: 60_000 },
      { currency: 'USD', revenue: 1_200 },
    ]);
  });
});

describe('bestShops', () => {
  it('are at most five, by revenue', () => {
    const shops = [1, 6, 3, 5, 2, 4].map((n) => ({ ...shop, clubId: String(n), revenueMinor: n }));

    expect(bestShops(shops).map(({ clubId }) => clubId)).toEqual(['6', '5', '4', '3', '2']);
  });
});

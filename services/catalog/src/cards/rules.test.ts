import { AppError, Decimal, partnerGates, toDecimal } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedCard, identifierOf, newCard, requireFixedTerms, requireHomepage, type CardFields } from './rules.ts';

const now = new Date('2026-03-08T09:15:00Z');
const later = new Date('2026-03-09T09:15:00Z');

const cardOf = (fields: CardFields = {}) =>
  newCard({
    ...{ partnerId: 'p', cardId: 'c', uniqueIdentifier: '402-118-973-551', now },
    fields: { clubId: 'club', name: 'Coffee card', currency: 'EUR', pointsPerCurrency: 10, ...fields },
  });

const refusalOf = (act: () => unknown): { code: string; details: unknown } | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, details: error.details };
  }
};

const errorsOf = (act: () => unknown) => (refusalOf(act)?.details as { errors: object } | undefined)?.errors ?? {};

describe('newCard', () => {
  it.each([
    ['EUR', '1', 100],
    ['JPY', '1', 1],
    ['KWD', '1', 1_000],
    ['EUR', '0.29', 29],
    ['EUR', '1000000', 100_000_000],
  ])('keeps a unit of %s %s in minor units', (currency, amount, minor) => {
    expect(cardOf({ currency, currencyUnitAmount: decimal(amount) }).currencyUnitMinor).toBe(minor);
  });

  it.each([
    ['EUR', '0.001', 'must have at most 2 decimals in EUR'],
    ['JPY', '0.5', 'must have at most 0 decimals in JPY'],
  ])('refuses a unit of %s %s', (currency, amount, message) => {
    expect(errorsOf(() => cardOf({ currency, currencyUnitAmount: decimal(amount) }))).toEqual({
      currency_unit_amount: [message],
    });
  });

  it.each([
    ['at its issue', now, ['must be after issue_date']],
    ['a millisecond later', new Date(now.getTime() + 1), undefined],
    ['never', null, undefined],
  ])('may expire %s', (_name, expirationDate, message) => {
    expect(errorsOf(() => cardOf({ expirationDate }))).toEqual(message ? { expiration_date: message } : {});
  });

  it.each([
    [0, 0, false],
    [5, 4, true],
    [null, 4, false],
    [5, null, false],
  ])('with at least %s and at most %s points: refused %s', (minPointsPerPurchase, maxPointsPerPurchase, isRefused) => {
    const errors = errorsOf(() => cardOf({ minPointsPerPurchase, maxPointsPerPurchase }));

    expect('max_points_per_purchase' in errors).toBe(isRefused);
  });
});

describe('changedCard', () => {
  it('changes what is given, and nothing else', () => {
    const card = cardOf({ title: { en_US: 'Coffee' }, minPurchaseAmount: decimal('2.5') });

    expect(changedCard(card, { pointsPerCurrency: 12, title: null }, later)).toEqual({
      ...card,
      pointsPerCurrency: 12,
      title: null,
      updatedAt: later,
    });
  });

  it('keeps amounts in major units in another currency', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (amount) => {
        const card = cardOf({ currencyUnitAmount: toDecimal(amount), minPurchaseAmount: toDecimal(amount) });

        const changed = changedCard(changedCard(card, { currency: 'JPY' }, later), { currency: 'KWD' }, later);

        expect([changed.currencyUnitMinor, changed.minPurchaseMinor]).toEqual([amount * 1_000, amount * 1_000]);
      }),
    );
  });
});

describe('requireFixedTerms', () => {
  it.each([
    [{ currency: 'USD' }, true, { code: 'CONFLICT', details: { reason: 'currency_fixed' } }],
    [{ clubId: 'other' }, true, { code: 'CONFLICT', details: { reason: 'club_fixed' } }],
    [{ currency: 'USD', clubId: 'other' }, true, { code: 'CONFLICT', details: { reason: 'currency_fixed' } }],
    [{ currency: 'USD' }, false, null],
    [{ currency: 'EUR', clubId: 'club', name: 'Tea' }, true, null],
    [{ currency: 'USD' }, undefined, { code: 'SERVICE_UNAVAILABLE', details: { service: 'catalog' } }],
    [{ name: 'Tea' }, undefined, null],
  ])('%j with transactions %s', (change, hasTransactions, refusal) => {
    expect(refusalOf(() => requireFixedTerms(cardOf(), change, hasTransactions))).toEqual(refusal);
  });
});

describe('requireHomepage', () => {
  const [open, closed] = [partnerGates.parse({ cards_on_homepage: true }), partnerGates.parse({})];
  const [visible, hidden] = [cardOf({ isVisibleByDefault: true }), cardOf()];

  it('refuses only what makes a card visible without the flag', () => {
    expect(refusalOf(() => requireHomepage(closed, visible))?.code).toBe('FEATURE_DISABLED');
    expect(refusalOf(() => requireHomepage(closed, visible, hidden))?.code).toBe('FEATURE_DISABLED');
    expect(refusalOf(() => requireHomepage(closed, visible, visible))).toBeNull();
    expect(refusalOf(() => requireHomepage(closed, hidden, visible))).toBeNull();
    expect(refusalOf(() => requireHomepage(open, visible))).toBeNull();
  });
});

describe('identifierOf', () => {
  it.each([
    [0, '000-000-000-000'],
    [402_118_973_551, '402-118-973-551'],
    [999_999_999_999, '999-999-999-999'],
  ])('prints %i as %s', (number, printed) => {
    expect(identifierOf(number)).toBe(printed);
  });
});

function decimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return new Decimal(BigInt(whole + fraction), fraction.length);
}

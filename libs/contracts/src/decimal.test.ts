import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atScale, compareDecimals, Decimal, parseDecimal, parseJson, toDecimal } from './decimal.ts';

describe('parseJson', () => {
  it.each([
    ['24.50', 245n, 1],
    ['0.29', 29n, 2],
    ['1e-2', 1n, 2],
    ['-0.5', -5n, 1],
    ['12345678901234567890', 12345678901234567890n, 0],
    ['1.5e1', 15n, 0],
    ['7.000', 7n, 0],
    ['1.00000000000000000000000001', 100000000000000000000000001n, 26],
  ])('keeps %s as it was written', (text, digits, scale) => {
    const { amount } = parseJson(`{"amount":${text}}`) as { amount: unknown };

    if (amount instanceof Decimal) expect([amount.digits, amount.scale]).toEqual([digits, scale]);
    else expect([amount, scale]).toEqual([Number(digits), 0]);
  });

  it('makes an absurd number NaN, which no schema takes', () => {
    for (const text of ['1e309', '1e-400', `0.${'1'.repeat(500)}`]) {
      expect((parseJson(`[${text}]`) as number[])[0]).toBeNaN();
    }
  });

  it('is JSON.parse for everything that has no fraction', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value, (_key, one: unknown) =>
          typeof one === 'number' ? Math.trunc(one) % 1e15 : one,
        );
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('a decimal', () => {
  const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });

  it('loses nothing between text and minor units', () => {
    fc.assert(
      fc.property(cents, (minor) => {
        const text = `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor)
          .padStart(3, '0')
          .replace(/(\d\d)$/, '.$1')}`;
        expect(atScale(parseDecimal(text)!, 2)).toBe(minor);
      }),
    );
  });

  it('is ordered as numbers are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(5), (a, b, scale) => {
        const order = compareDecimals(new Decimal(BigInt(a), scale), new Decimal(BigInt(b), scale));
        expect(Math.sign(order)).toBe(Math.sign(a - b));
      }),
    );
  });

  it('has no more decimals than it needs, so that equal numbers are equal', () => {
    expect(JSON.stringify(parseDecimal('24.500'))).toBe(JSON.stringify(parseDecimal('24.5')));
    expect(atScale(toDecimal(24.505), 2)).toBeNull();
    expect(atScale(toDecimal(24.5), 2)).toBe(2_450n);
  });
});

import { atScale, type Decimal } from './decimal.ts';

const exponents = new Map<string, number>();

/** Whether a text is an ISO 4217 code that this runtime knows. */
export const isCurrency = (code: string): boolean => currencies.has(code);
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Decimals of a currency: EUR 2, JPY 0, KWD 3. */
export function exponentOf(currency: string): number {
  let exponent = exponents.get(currency);
  if (exponent === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    exponent = format.resolvedOptions().maximumFractionDigits ?? 2;
    exponents.set(currency, exponent);
  }
  return exponent;
}

/** Integer minor units of an amount, or null when it has more decimals than its currency. Amounts of the contract fit 2^53. */
export function minorOf(amount: Decimal, currency: string): number | null {
  const minor = atScale(amount, exponentOf(currency));
  return minor === null ? null : Number(minor);
}

/** An amount as the APIs write it, in major units. Only for answers: nothing is computed from it. */
export const majorOf = (minor: number, currency: string): number => minor / 10 ** exponentOf(currency);

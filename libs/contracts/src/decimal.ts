/**
 * A number of a request as it was written: `digits / 10^scale`, trailing zeros removed. Amounts stay decimal until their
 * currency is known, so that no binary fraction ever rounds money (contract 1.1).
 */
export class Decimal {
  readonly digits: bigint;
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    let [rest, places] = [digits, scale];
    while (places > 0 && rest % 10n === 0n) [rest, places] = [rest / 10n, places - 1];
    this.digits = rest;
    this.scale = places;
  }

  /** As JSON writes it; a request hash of equal numbers is equal however they were typed. */
  toJSON(): string {
    return `decimal:${this.digits}e-${this.scale}`;
  }
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Far beyond every amount of the contract; a larger exponent would only cost memory. */
const MAX_EXPONENT = 40;

/**
 * Reads the text of a JSON number.
 * @returns null when it is not a number, or one whose exponent is beyond every amount
 */
export function parseDecimal(text: string): Decimal | null {
  const [match, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (match === undefined || match.length > 400 || Math.abs(Number(exponent)) > MAX_EXPONENT) return null;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0);
}

/** The decimal of a number that our own code wrote (a default, a test). Its shortest text is what is meant. */
export function toDecimal(value: number | Decimal): Decimal {
  if (value instanceof Decimal) return value;
  const decimal = parseDecimal(String(value));
  if (!decimal) throw new RangeError(`Not a decimal: ${value}`);
  return decimal;
}

/** `decimal × 10^exponent` as an integer, or null when it has more decimals than that. */
export function atScale({ digits, scale }: Decimal, exponent: number): bigint | null {
  return scale > exponent ? null : digits * 10n ** BigInt(exponent - scale);
}

/** Less than 0, 0 or more than 0, as a sort wants it. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = a.digits * 10n ** BigInt(scale - a.scale) - b.digits * 10n ** BigInt(scale - b.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** An integer of JSON stays a number; a number with a fraction or out of reach becomes a `Decimal`, or NaN if it is absurd. */
function revive(...[, value, context]: [string, unknown, { source?: string }?]): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source ?? '';
  // A fraction too small for a binary number reads as an integer: only the text tells.
  if (Number.isSafeInteger(value) && !/[.eE]/.test(source)) return value;
  const decimal = parseDecimal(source);
  if (!decimal) return Number.NaN;
  return decimal.scale === 0 && Number.isSafeInteger(value) ? value : decimal;
}

/** `JSON.parse` that keeps fractions as they were written (Node 24: `context.source`). Throws `SyntaxError` as it does. */
export const parseJson = (text: string): unknown =>
  (JSON.parse as (text: string, reviver: typeof revive) => unknown)(text, revive);

/** Of an odd count the middle one, of an even count the lower of the two. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('The median of nothing');
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}

/** The smallest value that this share of all values does not pass. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The median of each field over rounds of the same measurement. */
export function medians<T extends { [key in keyof T]: number }>(rounds: readonly T[]): T {
  const names = Object.keys(rounds[0]!) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name]))])) as T;
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
export const times = (value: number): string => `${value.toFixed(2)} ×`;

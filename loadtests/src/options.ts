import { addressOf } from './address-rules.ts';

/** What the command line says, as commander gives it. */
export interface Options {
  baseUrl?: string;
  /** A second gateway of the same deployment; beside a local stack the runner starts one itself. */
  secondUrl?: string;
  credentials?: string;
  /** State folder of a local stack. */
  dir?: string;
  staging?: boolean;
  allowProduction?: boolean;
  duration?: string;
  rate?: number;
  vus?: number;
  /** Milliseconds; where `breakpoint` calls the p99 broken. */
  p99: number;
  tiers: Tier[];
  /** Where services tell what they hold, by name. */
  metrics?: Record<string, string>;
  out?: string;
  /** Leave the partners that were made. */
  keep?: boolean;
}

export type Tier = 'enterprise' | 'professional' | 'standard';

export const tiers: readonly Tier[] = ['enterprise', 'professional', 'standard'];

const secondsIn = { s: 1, m: 60, h: 3_600 };

/** `90`, `90s`, `10m`, `2h` as seconds. */
export function secondsOf(text: string): number {
  const parts = /^(\d+)([smh])?$/.exec(text);
  if (!parts || Number(parts[1]) === 0) throw new Error(`"${text}" is no duration; write 90s, 10m or 2h`);
  return Number(parts[1]) * secondsIn[(parts[2] ?? 's') as keyof typeof secondsIn];
}

/** A number of the command line; k6 knows no half callers, and no half calls a second. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" must be a whole number above 0`);
  return value;
}

/** `enterprise,standard` */
export function tiersOf(text: string): Tier[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !tiers.includes(name as Tier));
  if (unknown !== undefined) throw new Error(`"${unknown}" is no tier; there are ${tiers.join(', ')}`);
  return names as Tier[];
}

/** `ledger=http://ledger.internal:4004,gateway=https://…`: addresses by name. */
export function addressesOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => /^([\w-]+)=(.+)$/.exec(pair.trim()));
  if (pairs.includes(null)) throw new Error(`"${text}" names no services; write ledger=http://ledger.internal:4004,…`);
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, addressOf(pair![2]!)]));
}

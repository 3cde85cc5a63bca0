import { requireValid } from '../programme/rules.ts';

/** Without `I` and `O`, `0` and `1`: codes are read aloud and typed. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '23456789';
const wildcards: Readonly<Record<string, string>> = { '#': digits, '@': letters, '*': letters + digits };

/** For each random code as many that are none, so that nobody finds one by trying. */
const GUESSES = 10_000n;
const SHORTEST = 3;
const LONGEST = 64;

export interface CodeForm {
  prefix: string | null;
  pattern: string;
}

/** The form of a code that is drawn without a wish. */
export const PLAIN: CodeForm = { prefix: null, pattern: '********' };

/** What each place of a code may be, in their order. */
export const placesOf = ({ prefix, pattern }: CodeForm): readonly string[] => [
  ...(prefix ?? ''),
  ...[...pattern].map((sign) => wildcards[sign] ?? sign),
];

/** How many codes a form allows. */
export const codesOf = (form: CodeForm): bigint =>
  placesOf(form).reduce((product, choices) => product * BigInt(choices.length), 1n);

/** 422 for codes that are too short, too long or too easy to guess. */
export function requireForm(form: CodeForm, count: number): void {
  const { length } = placesOf(form);
  const needed = GUESSES * BigInt(count);
  requireValid({
    pattern:
      length < SHORTEST || length > LONGEST
        ? `with the prefix must make codes of ${SHORTEST} to ${LONGEST} characters`
        : codesOf(form) < needed && `must allow at least ${needed} codes, so that they cannot be guessed`,
  });
}

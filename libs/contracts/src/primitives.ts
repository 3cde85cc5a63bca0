import { z } from 'zod';
import { Decimal, compareDecimals, toDecimal } from './decimal.ts';
import { isCurrency } from './money.ts';

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

const formProblem = (value: string): string | null => {
  if (!value.isWellFormed()) return 'must be well-formed Unicode text';
  return CONTROL.test(value) ? 'must not contain control characters' : null;
};

const noControl = String.raw`[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*`;

/**
 * What `text` takes, for who reads a schema: no control character but \n and \t, and something else than white space. Written
 * so that the regular expressions of every language read it, which `\p{Cc}` is not.
 */
export const textPatterns = {
  any: `^${noControl}$`,
  filled: String.raw`^${noControl}[^\s\u0000-\u001f\u007f-\u009f]${noControl}$`,
} as const;

/** Text as the contract takes it: NFC, trimmed, `min` to `max` code points, no control characters but \n and \t. */
export const text = (min: number, max: number) =>
  z
    .string()
    .overwrite((value) => value.normalize('NFC').trim())
    .check((ctx) => {
      const length = [...ctx.value].length;
      const problem =
        formProblem(ctx.value) ?? (length < min || length > max ? `must have ${min} to ${max} characters` : null);
      if (problem) ctx.issues.push({ code: 'custom', message: problem, input: ctx.value });
    })
    .meta({ minLength: min, maxLength: max, pattern: min > 0 ? textPatterns.filled : textPatterns.any });

/** An id in a body or query; in a path another form is simply not found. */
export const id = z.uuid('must be a UUID').overwrite((value) => value.toLowerCase());

/** An instant with `Z` or an offset; kept as a `Date`. */
export const dateTime = z.iso
  .datetime({ offset: true, error: 'must be a date-time with Z or an offset, like 2026-03-08T09:15:00Z' })
  .transform((value, ctx) => {
    const instant = new Date(value);
    if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() < 1900 || instant.getUTCFullYear() > 9999) {
      ctx.issues.push({ code: 'custom', message: 'must lie between the years 1900 and 9999', input: value });
      return z.NEVER;
    }
    return instant;
  });

/** A day in the partner's time zone, `YYYY-MM-DD`. */
export const day = z.iso.date('must be a date like 2026-03-08');

/** What answers carry for an instant. */
export const instant = z.iso.datetime();

export const currency = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 code in capitals, like EUR')
  .meta({ pattern: '^[A-Z]{3}$' });

/** A number of a body, kept as the decimal it was written as. Bounds are inclusive; `above` is not. */
export const decimal = ({
  min,
  above,
  max,
  places,
}: {
  min?: string | number;
  above?: number;
  max: string | number;
  places?: number;
}) =>
  z
    .custom<number | Decimal>(
      (value) => value instanceof Decimal || (typeof value === 'number' && Number.isFinite(value)),
      'must be a number',
    )
    .transform((value, ctx) => {
      const amount = toDecimal(value);
      const problem =
        min !== undefined && compareDecimals(amount, toDecimal(Number(min))) < 0
          ? `must be at least ${min}`
          : above !== undefined && compareDecimals(amount, toDecimal(above)) <= 0
            ? `must be more than ${above}`
            : compareDecimals(amount, toDecimal(Number(max))) > 0
              ? `must be at most ${max}`
              : places !== undefined && amount.scale > places
                ? `must have at most ${places} decimals`
                : null;
      if (problem) ctx.issues.push({ code: 'custom', message: problem, input: value });
      return amount;
    })
    .meta({
      type: 'number',
      ...(min === undefined ? {} : { minimum: Number(min) }),
      ...(above === undefined ? {} : { exclusiveMinimum: above }),
      maximum: Number(max),
    });

/** `{ "en_US": "…" }` or one string, which is of the partner's locale. At most `max` code points a text. */
export const translatable = (max: number) =>
  z.union([
    text(1, max),
    z
      .record(z.string().regex(/^[a-z]{2,3}_[A-Z]{2}$/, 'must be a locale like en_US'), text(1, max))
      .refine((texts) => Object.keys(texts).length > 0, 'must hold at least one text')
      .meta({ minProperties: 1 }),
  ]);

export const colour = z.string().regex(/^#[0-9A-Fa-f]{6}$/, 'must be a colour like #1A2B3C');

export const httpsUrl = z
  .string()
  .max(2_048)
  .refine((value) => URL.canParse(value) && value.startsWith('https://'), 'must be an https URL')
  .meta({ format: 'uri', pattern: '^https://' });

export const locale = z.string().regex(/^[a-z]{2,3}_[A-Z]{2}$/, 'must be a locale like en_US');

export const timeZone = z.string().refine((value) => {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}, 'must be an IANA time zone like Europe/Vilnius');

/** As browsers' forms take it, but the host has a dot, no dot stands alone, and 64 characters stand before the @ at most (RFC 5321). */
const EMAIL =
  /^(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export const email = z
  .string()
  .overwrite((value) => value.normalize('NFC').trim())
  .pipe(z.string().regex(EMAIL, 'must be an e-mail address').max(254))
  .meta({ format: 'email', maxLength: 254, pattern: EMAIL.source });

/** A password, in one form of Unicode whatever keyboard it came from; white space is part of it. */
export const password = z
  .string()
  .overwrite((value) => value.normalize('NFC'))
  .check((ctx) => {
    const length = [...ctx.value].length;
    const problem = length < 10 || length > 128 ? 'must have 10 to 128 characters' : formProblem(ctx.value);
    // The input is left out: no answer and no log line repeats a password.
    if (problem) ctx.issues.push({ code: 'custom', message: problem, input: undefined });
  })
  .meta({ format: 'password', minLength: 10, maxLength: 128, pattern: textPatterns.any });

/** Query values are text and are parsed strictly. */
export const queryBoolean = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .meta({ type: 'boolean' });

const positiveInteger = z
  .string()
  .regex(/^0*[1-9]\d*$/, 'must be a positive whole number')
  .transform((value) => Math.min(Number(value), 1_000_000_000));

/** `page` and `per_page` of a list; above the maximum is clamped (contract 1.9). */
export const pageQuery = (perPage: { default: number; max: number }) => ({
  page: positiveInteger.default(1).meta({ type: 'integer', minimum: 1, default: 1, description: 'Which page.' }),
  per_page: positiveInteger
    .default(perPage.default)
    .transform((size) => Math.min(size, perPage.max))
    .meta({
      type: 'integer',
      minimum: 1,
      default: perPage.default,
      description: `How many to a page; above ${perPage.max} it is ${perPage.max}.`,
    }),
});

export const agentPage = pageQuery({ default: 25, max: 100 });
export const partnerPage = pageQuery({ default: 15, max: 100 });

/** The answer of every delete. */
export const deleted = z.object({ id: z.uuid(), deleted: z.literal(true) });

/** `created_at` and `updated_at`, which everything that was created has. */
export const stamps = { created_at: instant, updated_at: instant };

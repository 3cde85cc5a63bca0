import { invalid } from '@punchcard/contracts';

/** Refuses a birthday that is not in the past. */
export function mustBePast(birthday: string | undefined, now: Date): void {
  if (birthday !== undefined && birthday >= now.toISOString().slice(0, 10)) {
    throw invalid('birthday', 'must be in the past');
  }
}

/** A locale (`lt_LT`) from the first language of an `Accept-Language` header that says something, or the fallback. */
export function localeOf(language: string | null, fallback: string): string {
  for (const tag of (language ?? '').split(',')) {
    const [name = ''] = tag.trim().split(';');
    const locale = toLocale(name);
    if (locale) return locale;
  }
  return fallback;
}

function toLocale(tag: string): string | null {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag)) return null;
  try {
    const { language, region } = new Intl.Locale(tag).maximize();
    return region && /^[A-Z]{2}$/.test(region) ? `${language}_${region}` : null;
  } catch {
    return null;
  }
}

/** Twelve digits as `###-###-###-###`; `digits` gives at least twelve random ones. */
export const uniqueIdentifierOf = (digits: string): string => digits.slice(0, 12).replace(/(\d{3})(?=\d)/g, '$1-');

/** How long a repeated registration still gets a key that works (contract part 6). */
const REPEAT_MS = 10 * 60_000;

export const maySeeKeyAgain = (registeredAt: Date, now: Date): boolean =>
  now.getTime() - registeredAt.getTime() <= REPEAT_MS;

const KEY_DAYS = 90;

/** Registration's key ends after 90 days (contract 1.6). */
export const keyEnd = (now: Date): Date => new Date(now.getTime() + KEY_DAYS * 86_400_000);

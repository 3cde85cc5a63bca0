import { AppError, invalid } from '@punchcard/contracts';

/** Days of the partner's calendar, both included, `YYYY-MM-DD`. */
export interface Period {
  start: string;
  end: string;
}

export interface PeriodQuery {
  start_date?: string | undefined;
  end_date?: string | undefined;
  period?: 'day' | 'week' | 'month' | 'quarter' | 'year' | undefined;
  date_range?: string | undefined;
}

/** Longest period of a question (partner contract 9.1). */
const MAX_DAYS = 1_096;
const DAY_MS = 86_400_000;

const toUtc = (day: string): Date => new Date(`${day}T00:00:00Z`);
const toDay = (date: Date): string => date.toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => toDay(new Date(toUtc(day).getTime() + days * DAY_MS));

export const daysIn = ({ start, end }: Period): number =>
  Math.round((toUtc(end).getTime() - toUtc(start).getTime()) / DAY_MS) + 1;

/** The period that a query asks for; the last 30 days by default. Throws `VALIDATION_FAILED` when it is too long. */
export function periodOf(query: PeriodQuery, today: string): Period {
  const asked = askedPeriod(query, today);
  if (daysIn(asked) > MAX_DAYS) {
    throw invalid(query.start_date === undefined ? 'date_range' : 'start_date', `must span at most ${MAX_DAYS} days`);
  }
  return asked;
}

function askedPeriod(
  { start_date: start, end_date: end, period, date_range: range }: PeriodQuery,
  today: string,
): Period {
  if (start !== undefined && end !== undefined) return { start, end };
  if (period !== undefined) return { start: calendarStart(period, today), end: today };
  return { start: rangeStart(range ?? '30d', today), end: today };
}

/** First day of the calendar period that today is in; weeks begin on Monday. */
function calendarStart(period: NonNullable<PeriodQuery['period']>, today: string): string {
  const [year = '', month = ''] = today.split('-');
  const weekday = (toUtc(today).getUTCDay() + 6) % 7;
  const quarterMonth = String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, '0');
  return {
    day: today,
    week: addDays(today, -weekday),
    month: `${year}-${month}-01`,
    quarter: `${year}-${quarterMonth}-01`,
    year: `${year}-01-01`,
  }[period];
}

/** `{n}d` is the n days that end today; months and years go back to the day after the same day then. */
function rangeStart(range: string, today: string): string {
  const count = Number(range.slice(0, -1));
  const unit = range.at(-1);
  if (unit === 'd') return addDays(today, 1 - count);
  if (unit === 'w') return addDays(today, 1 - 7 * count);
  return addDays(monthsBefore(today, unit === 'm' ? count : 12 * count), 1);
}

function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return toDay(new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))));
}

/** The equally long period just before. */
export function previousOf(period: Period): Period {
  const end = addDays(period.start, -1);
  return { start: addDays(end, 1 - daysIn(period)), end };
}

/** The whole months of a period as their first days, `until` not included. Without any, both are the day after the period. */
export function monthsIn({ start, end }: Period): { from: string; until: string } {
  const after = addDays(end, 1);
  const until = `${after.slice(0, 7)}-01`;
  const from = start.endsWith('-01') ? start : `${addDays(`${start.slice(0, 7)}-28`, 4).slice(0, 7)}-01`;
  return from < until ? { from, until } : { from: after, until: after };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of an instant in a time zone. */
export function dayIn(timeZone: string, at: Date): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
}

/** The shops asked for, narrowed by `X-Shop-ID`. Throws VALIDATION_FAILED when both name shops, and not the same. */
export function narrowed(asked: string | undefined, shopId: string | null): string | undefined {
  if (shopId === null) return asked;
  const isSame = asked === undefined || asked === 'all' || asked.trim().toLowerCase() === shopId;
  if (!isSame) throw invalid('X-Shop-ID', 'must be the shop that shops names, when both are sent');
  return shopId;
}

/** Whether a question is about all shops, asked by who may see all. */
export const isOfAllShops = (asked: string | undefined, reach: readonly string[] | null): boolean =>
  reach === null && (asked === undefined || asked === 'all');

/** Shops that a question is about: null = all. Throws 404 for one that the caller cannot see. */
export function shopsOf(
  asked: string | undefined,
  { known, reach }: { known: readonly string[]; reach: readonly string[] | null },
) {
  if (isOfAllShops(asked, reach)) return null;
  const accessible = reach === null ? known : known.filter((shop) => reach.includes(shop));
  if (asked === undefined || asked === 'all') return accessible;
  const shops = asked.split(',').map((shop) => shop.trim().toLowerCase());
  const missing = shops.find((shop) => !accessible.includes(shop));
  if (missing !== undefined) {
    throw new AppError('CLUB_NOT_FOUND', {
      details: { club_id: missing, accessible_shops: accessible.slice(0, 100) },
    });
  }
  return [...new Set(shops)];
}

/** The instant at which a day begins in a time zone; where the clock skips midnight, the first one of that day. */
export function instantOf(timeZone: string, day: string): Date {
  const midnight = toUtc(day).getTime();
  const guess = new Date(midnight - offsetMs(timeZone, new Date(midnight)));
  return new Date(midnight - offsetMs(timeZone, guess));
}

const offsets = new Map<string, Intl.DateTimeFormat>();

function offsetMs(timeZone: string, at: Date): number {
  let format = offsets.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    offsets.set(timeZone, format);
  }
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d+):?(\d+)?/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

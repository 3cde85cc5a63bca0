/** A day and time as a clock on the wall shows it, as if that were UTC: milliseconds for arithmetic, no instant. */
export type WallTime = number;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** No zone changes its offset at a finer step since 1900, so offsets are remembered by it. */
const STEP_MS = 15 * MINUTE_MS;
const MAX_REMEMBERED = 10_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** What the clocks of a zone show at an instant. */
export const wallTimeOf = (at: Date, timeZone: string): WallTime => at.getTime() + offsetMs(at.getTime(), timeZone);

/** When the clocks of a zone show that. Shown twice: the first time; skipped: as much later as the clocks were put forward. */
export function instantOf(wallTime: WallTime, timeZone: string): Date {
  const before = offsetMs(wallTime - DAY_MS, timeZone);
  const after = offsetMs(wallTime + DAY_MS, timeZone);
  const shown = [wallTime - before, wallTime - after].filter((ms) => ms + offsetMs(ms, timeZone) === wallTime);
  return new Date(shown.length > 0 ? Math.min(...shown) : wallTime - before);
}

/** The day `YYYY-MM-DD` that the calendars of a zone show at an instant. */
export const dayOf = (at: Date, timeZone: string): string =>
  new Date(wallTimeOf(at, timeZone)).toISOString().slice(0, 10);

/** The first instant of a day `YYYY-MM-DD`. */
export const startOfDay = (day: string, timeZone: string): Date => instantOf(wallTimeOfDay(day), timeZone);

/** The first instant after a day. */
export const endOfDay = (day: string, timeZone: string): Date => instantOf(wallTimeOfDay(day) + DAY_MS, timeZone);

/** The same time of the day so many days later. */
export const daysAfter = (at: Date, days: number, timeZone: string): Date =>
  instantOf(wallTimeOf(at, timeZone) + days * DAY_MS, timeZone);

/** The same day of the month and time; a missing day becomes the last of the month. */
export function addMonths(wallTime: WallTime, months: number): WallTime {
  const from = new Date(wallTime);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay)) + (wallTime - startOfWallDay(wallTime));
}

export type Period = 'day' | 'month' | 'quarter' | 'year';

/** The first moment after the period that holds `wallTime`. */
export function endOfPeriod(wallTime: WallTime, period: Period): WallTime {
  const at = new Date(wallTime);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  switch (period) {
    case 'day':
      return startOfWallDay(wallTime) + DAY_MS;
    case 'month':
      return Date.UTC(year, month + 1, 1);
    case 'quarter':
      return Date.UTC(year, month - (month % 3) + 3, 1);
    case 'year':
      return Date.UTC(year + 1, 0, 1);
  }
}

/** Days are taken between 1900 and 9999: no entry is older, and databases know no more. */
function wallTimeOfDay(day: string): WallTime {
  const first = Date.UTC(1900, 0, 1);
  const last = Date.UTC(9999, 11, 30);
  return Math.min(Math.max(Date.parse(`${day}T00:00:00Z`), first), last);
}

const startOfWallDay = (wallTime: WallTime): WallTime => wallTime - mod(wallTime, DAY_MS);

const mod = (value: number, by: number): number => ((value % by) + by) % by;

function offsetMs(instantMs: number, timeZone: string): number {
  const step = Math.floor(instantMs / STEP_MS);
  const name = `${timeZone} ${step}`;
  let offset = offsets.get(name);
  if (offset === undefined) {
    if (offsets.size >= MAX_REMEMBERED) offsets.clear();
    offset = computeOffsetMs(step * STEP_MS, timeZone);
    offsets.set(name, offset);
  }
  return offset;
}

function computeOffsetMs(instantMs: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = 'numeric';
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
    formats.set(timeZone, format);
  }
  const shown: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instantMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instantMs;
}

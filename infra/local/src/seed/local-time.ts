const dayMs = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formatters.set(zone, made);
  return made;
};

/** How far a zone is ahead of UTC at an instant. */
const offsetMinutes = (zone: string, at: Date): number => {
  const name =
    formatterOf(zone)
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

/** Midnight UTC of the day that is so many days before that of `anchor`. */
export const dayBefore = (anchor: Date, days: number): Date =>
  new Date(Math.floor(anchor.getTime() / dayMs) * dayMs - days * dayMs);

/** The instant at which clocks in the zone show that minute of a day (given as its midnight UTC). */
export const localInstant = (day: Date, minuteOfDay: number, zone: string): Date => {
  const wall = day.getTime() + minuteOfDay * 60_000;
  return new Date(wall - offsetMinutes(zone, new Date(wall)) * 60_000);
};

/** How much load a scenario offers, at most. */
export interface Load {
  callsPerSecond: number;
  calls: number;
  /** Callers at once. */
  vus: number;
  /** How long it lasts. */
  seconds: number;
}

/** Below the ceiling of a key (1,000 a minute). */
const callsPerKeyAndMinute = 800;
/** Below the quota of a partner (10,000 in any hour), with room for the second phase. */
const callsPerPartnerAndHour = 8_500;
/** What the second phase can read back with that room, a hundred rows a call. */
const callsPerPartner = 50_000;
/** Below the requests at once of an enterprise partner. */
const callersPerPartner = 80;

/** As many partners, and keys of each, as a load needs so that no limit is met. */
export function roomFor({ callsPerSecond, calls, vus }: Omit<Load, 'seconds'>): { partners: number; keys: number } {
  const callsInAnHour = Math.min(calls, callsPerSecond * 3_600);
  const partners = Math.max(
    2,
    Math.ceil(callsInAnHour / callsPerPartnerAndHour),
    Math.ceil(calls / callsPerPartner),
    Math.ceil(vus / callersPerPartner),
  );
  const callsInAMinute = Math.min(calls, callsPerSecond * 60);
  return { partners, keys: Math.max(1, Math.ceil(callsInAMinute / partners / callsPerKeyAndMinute)) };
}

/**
 * Seconds from one purchase that is followed into analytics to the next. Each takes some ten calls of one partner: one a second, for an hour,
 * would be more than its quota.
 */
export const canarySecondsFor = (seconds: number): number => (seconds <= 600 ? 1 : 5);

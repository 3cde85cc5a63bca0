import { addMonths, daysAfter, endOfPeriod, instantOf, wallTimeOf, type Period } from '../calendar/rules.ts';

export interface LotTerms {
  pointsExpirationMonths: number | null;
  pointsExpirationRounding: 'none' | Period;
  pendingDays: number;
}

/**
 * When a credit expires: so many months after it was earned, same day of month and local time, a missing day becomes the
 * last of the month; then to the end of the period, if the card rounds. Null = never.
 */
export function expiresAt(
  earnedAt: Date,
  { pointsExpirationMonths: months, pointsExpirationRounding: rounding }: LotTerms,
  timeZone: string,
): Date | null {
  if (months === null) return null;
  const exact = addMonths(wallTimeOf(earnedAt, timeZone), months);
  return instantOf(rounding === 'none' ? exact : endOfPeriod(exact, rounding), timeZone);
}

/** When a credit may be spent: so many days after it was earned, same local time. Null = at once. */
export function activatesAt(earnedAt: Date, { pendingDays }: LotTerms, timeZone: string): Date | null {
  return pendingDays === 0 ? null : daysAfter(earnedAt, pendingDays, timeZone);
}

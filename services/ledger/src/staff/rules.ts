import { invalid, Miss } from '@punchcard/contracts';
import { named, type Books } from '../booking/rules.ts';

export interface Staff {
  partnerId: string;
  staffId: string;
  clubId: string;
  isActive: boolean;
  isDeleted: boolean;
}

/** Who is named as serving, and at which club. */
export interface Serving {
  partnerId: string;
  /** Null = nobody is named. */
  staffId: string | null;
  clubId: string;
}

export type Fitness = 'fit' | 'unfit' | 'unknown';

/** Whether somebody may be named: active staff of that club. Unknown: our copy has nobody of that id, or not yet. */
export function fitnessOf({ staff }: Pick<Books, 'staff'>, { partnerId, staffId, clubId }: Serving): Fitness {
  if (staffId === null) return 'fit';
  const found = staff.get(named(partnerId, staffId));
  if (!found) return 'unknown';
  return found.isActive && !found.isDeleted && found.clubId === clubId ? 'fit' : 'unfit';
}

export const NOT_STAFF = "must be staff of the card's club";

/**
 * Throws 422 on `staff_id` unless the one who is named is active staff of the club; a Miss while nobody knows. Ask it after
 * repeats of the reference: those get their answer whatever became of the staff.
 */
export function assertServing(books: Pick<Books, 'staff'>, serving: Serving): void {
  const fitness = fitnessOf(books, serving);
  if (fitness === 'fit') return;
  const refusal = invalid('staff_id', NOT_STAFF);
  throw fitness === 'unknown' ? new Miss(refusal, ['staff']) : refusal;
}

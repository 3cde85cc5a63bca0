import type { Tx } from '@punchcard/database';
import { requireClub } from '../clubs/require-club.ts';
import { announceStaff } from './events.ts';
import { requireFreeEmail } from './rules.ts';
import { findStaffIdByEmail, getStaff, moveToClub, saveStaff, type StaffKey, type StaffMember } from './store.ts';

export type StaffChange = Partial<Omit<StaffMember, keyof StaffKey | 'createdAt' | 'updatedAt'>>;

export interface StaffUpdate {
  key: StaffKey;
  change: StaffChange;
  /** Undefined: keeps what it is. */
  passwordHash: string | undefined;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateStaff(tx: Tx, { key, change, passwordHash, now }: StaffUpdate) {
  const before = await getStaff(tx, key);
  if (Object.keys(change).length === 0 && passwordHash === undefined) return { events: [] };
  const member = { ...before, ...change, updatedAt: now };
  const moves = member.clubId !== before.clubId;
  if (moves) await requireClub(tx, member, now);
  requireFreeEmail(member.staffId, await findStaffIdByEmail(tx, member));
  await saveStaff(tx, member, passwordHash);
  if (moves) await moveToClub(tx, member);
  return { events: [announceStaff(member)] };
}

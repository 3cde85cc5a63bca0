import { requireRoom, type PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { requireClub } from '../clubs/require-club.ts';
import { announceStaff } from './events.ts';
import { requireFreeEmail } from './rules.ts';
import { countStaff, findStaffIdByEmail, insertStaff, type StaffMember } from './store.ts';

export interface StaffCreation {
  member: StaffMember;
  /** Null: no login. */
  passwordHash: string | null;
  gates: PartnerGates;
}

/** Puts somebody in a club, if the partner may have one more and the e-mail is free. */
export async function createStaff(tx: Tx, { member, passwordHash, gates }: StaffCreation) {
  const { partnerId, staffId, createdAt: now } = member;
  requireRoom(gates, 'staff_members_limit', await countStaff(tx, partnerId));
  await requireClub(tx, member, now);
  requireFreeEmail(staffId, await findStaffIdByEmail(tx, member));
  await insertStaff(tx, member, passwordHash);
  return { events: [announceStaff(member)] };
}

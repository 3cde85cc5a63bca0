import type { Tx } from '@punchcard/database';
import { announceDeletedStaff } from './events.ts';
import { deleteStaffRow, getStaff, type StaffKey } from './store.ts';

/** Forgets somebody here; the e-mail is free again. Others keep the name beside what was booked. */
export async function deleteStaff(tx: Tx, key: StaffKey) {
  const member = await getStaff(tx, key);
  await deleteStaffRow(tx, key);
  return { events: [announceDeletedStaff(member)] };
}

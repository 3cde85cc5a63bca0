import type { Tx } from '@punchcard/database';
import { isEmpty, requireFree } from '../programme/rules.ts';
import { announceClub } from './events.ts';
import { findClubIdByName, getClub, saveClub, type Club, type ClubKey } from './store.ts';

export interface ClubChange {
  name?: string;
  description?: string | null;
  status?: Club['status'];
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateClub(tx: Tx, { key, change, now }: { key: ClubKey; change: ClubChange; now: Date }) {
  const before = await getClub(tx, key);
  if (isEmpty(change)) return { club: before, events: [] };
  const club = { ...before, ...change, updatedAt: now };
  requireFree('name', club.clubId, await findClubIdByName(tx, club));
  await saveClub(tx, club);
  return { club, events: [announceClub(club)] };
}

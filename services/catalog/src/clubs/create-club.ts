import { requireRoom, type PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { requireFree } from '../programme/rules.ts';
import { announceClub } from './events.ts';
import { countClubs, findClubIdByName, insertClub, type Club } from './store.ts';

/** Adds a club, if the partner may have one more and its name is free. */
export async function createClub(tx: Tx, { club, gates }: { club: Club; gates: PartnerGates }) {
  requireRoom(gates, 'clubs_limit', await countClubs(tx, club.partnerId));
  requireFree('name', club.clubId, await findClubIdByName(tx, club));
  await insertClub(tx, club);
  return { club, events: [announceClub(club)] };
}

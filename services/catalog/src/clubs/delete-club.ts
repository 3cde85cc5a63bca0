import type { Tx } from '@punchcard/database';
import { countCards } from '../cards/store.ts';
import { countStampCards } from '../stamp-cards/store.ts';
import { announceDeletedTier } from '../tiers/events.ts';
import { deleteLadder } from '../tiers/store.ts';
import { announceClub } from './events.ts';
import { requireUnused, type ClubUse } from './rules.ts';
import { getClub, saveClub, type ClubKey } from './store.ts';

export interface ClubDeletion {
  key: ClubKey;
  /** What belongs to the club in other services. */
  elsewhere: Pick<ClubUse, 'vouchers' | 'staff'>;
  now: Date;
}

/** Archives a club that nothing belongs to. Its ladder goes with it: without cards, no points count for it. */
export async function deleteClub(tx: Tx, { key, elsewhere, now }: ClubDeletion) {
  const club = await getClub(tx, key);
  requireUnused({ cards: await countCards(tx, key), stampCards: await countStampCards(tx, key), ...elsewhere });
  const tiers = await deleteLadder(tx, key);
  const archived = { ...club, status: 'archived' as const, updatedAt: now };
  await saveClub(tx, archived);
  return { events: [...tiers.map(announceDeletedTier), announceClub(archived)] };
}

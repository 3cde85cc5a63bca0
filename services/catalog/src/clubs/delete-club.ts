import type { Tx } from '@punchcard/database';
import { countCards } from '../cards/store.ts';
import { countStampCards } from '../stamp-cards/store.ts';
import { announceDeletedTier } from '../tiers/events.ts';
import { deleteLadder } from '../tiers/store.ts';
import { announceClub } from './events.ts';
import { requireUnused } from './rules.ts';
import { getClub, saveClub, type ClubKey } from './store.ts';

/** Archives a club that nothing belongs to. Its ladder goes with it: without cards, no points count for it. */
export async function deleteClub(tx: Tx, { key, now }: { key: ClubKey; now: Date }) {
  const club = await getClub(tx, key);
  requireUnused({ cards: await countCards(tx, key), stampCards: await countStampCards(tx, key) });
  const tiers = await deleteLadder(tx, key);
  const archived = { ...club, status: 'archived' as const, updatedAt: now };
  await saveClub(tx, archived);
  return { events: [...tiers.map(announceDeletedTier), announceClub(archived)] };
}

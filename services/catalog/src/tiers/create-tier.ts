import type { Tx } from '@punchcard/database';
import { getClub } from '../clubs/store.ts';
import { announceTier } from './events.ts';
import { newTier, requirePlace, settleDefault, type NewTierFields } from './rules.ts';
import { insertTier, listLadder, saveTier, type Ladder, type TierKey } from './store.ts';

export interface NewTier {
  made: TierKey & Ladder & { now: Date };
  fields: NewTierFields;
}

/** Puts a tier into a ladder. */
export async function createTier(tx: Tx, { made, fields }: NewTier) {
  const { partnerId, clubId } = made;
  if (clubId !== null) await getClub(tx, { partnerId, clubId });
  const ladder = await listLadder(tx, made);
  const asked = newTier(ladder, fields, made);
  requirePlace(ladder, asked);
  const { tier, former } = settleDefault(ladder, asked);
  if (former) await saveTier(tx, former);
  await insertTier(tx, tier);
  return { events: [tier, ...(former ? [former] : [])].map(announceTier) };
}

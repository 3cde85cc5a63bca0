import type { Tx } from '@punchcard/database';
import { isEmpty } from '../programme/rules.ts';
import { announceTier } from './events.ts';
import { requirePlace, requireSameLadder, settleDefault, type TierFields } from './rules.ts';
import { getTier, listLadder, saveTier, type TierKey } from './store.ts';

export interface TierUpdate {
  key: TierKey;
  change: TierFields;
  /** What the request says of the ladder. */
  clubId: string | null | undefined;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateTier(tx: Tx, { key, change, clubId, now }: TierUpdate) {
  const before = await getTier(tx, key);
  requireSameLadder(before, clubId);
  if (isEmpty(change)) return { events: [] };
  const ladder = await listLadder(tx, before);
  const asked = { ...before, ...change, updatedAt: now };
  requirePlace(ladder, asked);
  const { tier, former } = settleDefault(ladder, asked);
  if (former) await saveTier(tx, former);
  await saveTier(tx, tier);
  // The new default first: a ladder that has none for a moment would move its members twice.
  return { events: [tier, ...(former ? [former] : [])].map(announceTier) };
}

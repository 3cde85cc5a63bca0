import type { Tx } from '@punchcard/database';
import { findClosing } from '../cards/closing-store.ts';
import { getClub } from '../clubs/store.ts';
import { isEmpty } from '../programme/rules.ts';
import { announceStampCard } from './events.ts';
import { changedStampCard, requireRewardCard, type StampCardFields } from './rules.ts';
import { getStampCard, saveStampCard, type StampCardKey } from './store.ts';

export interface StampCardUpdate {
  key: StampCardKey;
  change: StampCardFields;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateStampCard(tx: Tx, { key, change, now }: StampCardUpdate) {
  const before = await getStampCard(tx, key);
  if (isEmpty(change)) return { stampCard: before, events: [] };
  const { partnerId } = key;
  const { clubId, rewardCardId } = change;
  if (clubId !== undefined) await getClub(tx, { partnerId, clubId });
  if (rewardCardId !== undefined && rewardCardId !== null && rewardCardId !== before.rewardCardId) {
    requireRewardCard(rewardCardId, await findClosing(tx, { partnerId, cardId: rewardCardId }));
  }
  const stampCard = changedStampCard(before, change, now);
  await saveStampCard(tx, stampCard);
  return { stampCard, events: [announceStampCard(stampCard)] };
}

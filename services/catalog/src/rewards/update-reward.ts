import type { Tx } from '@punchcard/database';
import { putRewardOnCards } from '../links/put-reward-on-cards.ts';
import { isEmpty } from '../programme/rules.ts';
import { announceRewards } from './announce-rewards.ts';
import { changedReward, type RewardFields } from './rules.ts';
import { getReward, saveReward, type RewardKey } from './store.ts';

export interface RewardUpdate {
  key: RewardKey;
  change: RewardFields;
  /** The whole new set, if it changes. */
  cardIds: readonly string[] | undefined;
  locale: string;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateReward(tx: Tx, { key, change, cardIds, locale, now }: RewardUpdate) {
  const before = await getReward(tx, key);
  if (isEmpty(change) && cardIds === undefined) return { events: [] };
  await saveReward(tx, changedReward(before, change, now));
  if (cardIds) await putRewardOnCards(tx, { ...key, cardIds, now });
  return { events: await announceRewards(tx, { partnerId: key.partnerId, rewardIds: [key.rewardId], locale }) };
}

import type { Tx } from '@punchcard/database';
import { findRewardIds, touchRewards } from '../rewards/store.ts';
import { mostLinks, requireKnown, requireUncrowded } from './rules.ts';
import { findCrowdedReward, listRewardsOfCard, saveRewardsOfCard } from './store.ts';

export interface RewardsOfCard {
  partnerId: string;
  cardId: string;
  rewardIds: readonly string[];
  now: Date;
}

/** Makes these the rewards of a card. @returns the rewards that came or went: their own set of cards changed */
export async function putRewardsOnCard(
  tx: Tx,
  { partnerId, cardId, rewardIds, now }: RewardsOfCard,
): Promise<string[]> {
  requireKnown(rewardIds, await findRewardIds(tx, { partnerId, rewardIds }), {
    resource: 'reward',
    field: 'reward_ids',
  });
  const before = new Set(await listRewardsOfCard(tx, { partnerId, cardId }));
  const after = new Set(rewardIds);
  await saveRewardsOfCard(tx, { partnerId, cardId, rewardIds: [...after] });
  const changed = [...before.symmetricDifference(after)];
  const crowded = await findCrowdedReward(tx, { partnerId, rewardIds: changed, most: mostLinks });
  requireUncrowded(rewardIds, crowded, 'reward_ids');
  await touchRewards(tx, { partnerId, rewardIds: changed, now });
  return changed;
}

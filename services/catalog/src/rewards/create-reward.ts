import { requireRoom, type CallerPartner } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { putRewardOnCards } from '../links/put-reward-on-cards.ts';
import { announceRewards } from './announce-rewards.ts';
import { newReward, type NewRewardFields } from './rules.ts';
import { countRewards, insertReward, type RewardKey } from './store.ts';

export interface RewardCreation {
  asked: RewardKey & { fields: NewRewardFields; now: Date };
  cardIds: readonly string[];
  partner: CallerPartner;
}

/** Adds a reward and puts it on cards. */
export async function createReward(tx: Tx, { asked, cardIds, partner }: RewardCreation) {
  const { partnerId, rewardId, now } = asked;
  const reward = newReward(asked);
  requireRoom(partner.gates, 'rewards_limit', await countRewards(tx, partnerId));
  await insertReward(tx, reward);
  await putRewardOnCards(tx, { partnerId, rewardId, cardIds, now });
  return { events: await announceRewards(tx, { partnerId, rewardIds: [rewardId], locale: partner.locale }) };
}

import { rewardChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { holdAlone } from '../booking/locks-store.ts';
import { hasCounter, openCounter, saveReward } from './store.ts';

/** The first limit of a reward brings its counter, while no batch is half way through a redemption of it. */
export const onRewardChanged = on(rewardChanged, async (tx, { partnerid: partnerId, sequence, data }) => {
  const rewardId = data.reward_id;
  if (data.max_number_to_redeem !== null && !(await hasCounter(tx, partnerId, rewardId))) {
    await holdAlone(tx, partnerId, rewardId);
    await openCounter(tx, partnerId, rewardId);
  }
  await saveReward(tx, {
    partnerId,
    rewardId,
    cardIds: data.card_ids,
    name: data.name,
    titles: data.titles,
    points: data.points,
    isActive: data.is_active,
    activeFrom: data.active_from,
    expirationDate: data.expiration_date,
    maxNumberToRedeem: data.max_number_to_redeem,
    maxPerMember: data.max_per_member,
    isDeleted: data.is_deleted,
    sequence,
  });
});

import { pointsRedeemed } from '@punchcard/contracts';
import { onMany } from '@punchcard/messaging';
import { addRedemptions } from './store.ts';

export const onPointsRedeemed = onMany([pointsRedeemed], async (tx, envelopes) => {
  const redemptions = envelopes.flatMap(({ partnerid, data }) =>
    data.reward_id === null ? [] : [{ partnerId: partnerid, rewardId: data.reward_id }],
  );
  await addRedemptions(tx, redemptions);
});

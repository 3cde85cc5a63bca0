import { memberTierChanged } from '@punchcard/contracts';
import { onMany } from '@punchcard/messaging';
import { addTierMoves } from './store.ts';

export const onMemberTierChanged = onMany([memberTierChanged], async (tx, envelopes) => {
  const moves = envelopes.flatMap(({ partnerid: partnerId, data }) => [
    ...(data.previous_tier_id === null ? [] : [{ partnerId, tierId: data.previous_tier_id, members: -1 }]),
    ...(data.tier_id === null ? [] : [{ partnerId, tierId: data.tier_id, members: 1 }]),
  ]);
  await addTierMoves(tx, moves);
});

import { cardChanged, clubChanged, rewardChanged, stampCardChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveThing } from './store.ts';

export const onClubChanged = on(clubChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveThing(tx, { partnerId, kind: 'clubs', thingId: data.club_id, isGone: data.is_deleted, sequence }),
);

export const onCardChanged = on(cardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveThing(tx, { partnerId, kind: 'cards', thingId: data.card_id, isGone: data.is_deleted, sequence }),
);

export const onRewardChanged = on(rewardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveThing(tx, { partnerId, kind: 'rewards', thingId: data.reward_id, isGone: data.is_deleted, sequence }),
);

export const onStampCardChanged = on(stampCardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveThing(tx, { partnerId, kind: 'stamp_cards', thingId: data.stamp_card_id, isGone: data.is_deleted, sequence }),
);

import { cardChanged, clubChanged, tierChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveCard, saveClub, saveTier } from './store.ts';

export const onClubChanged = on(clubChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveClub(tx, { partnerId, clubId: data.club_id, isDeleted: data.is_deleted, sequence }),
);

export const onCardChanged = on(cardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveCard(tx, { partnerId, cardId: data.card_id, isDeleted: data.is_deleted, sequence }),
);

export const onTierChanged = on(tierChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveTier(tx, { partnerId, tierId: data.tier_id, isDeleted: data.is_deleted, sequence }),
);

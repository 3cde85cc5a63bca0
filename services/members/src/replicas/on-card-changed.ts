import { cardChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveCard } from './store.ts';

export const onCardChanged = on(cardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveCard(tx, { partnerId, cardId: data.card_id, isDeleted: data.is_deleted, sequence }),
);

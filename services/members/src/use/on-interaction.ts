import { pointsEarned, pointsRedeemed, stampsAdded } from '@punchcard/contracts';
import { onMany } from '@punchcard/messaging';
import { noteInteractions } from './store.ts';

/** A stamp happened when it was booked; an entry may have come from the past. */
export const onInteraction = onMany([pointsEarned, pointsRedeemed, stampsAdded], (tx, envelopes) =>
  noteInteractions(
    tx,
    envelopes.map(({ partnerid: partnerId, data }) => ({
      ...{ partnerId, memberId: data.member_id },
      at: new Date('occurred_at' in data ? data.occurred_at : data.created_at),
    })),
  ),
);

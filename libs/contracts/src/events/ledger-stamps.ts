import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { sample } from '../sample.ts';

/** What all facts of a stamp card say. `seq` is gapless in the progress (member × stamp card). */
const fact = {
  stamp_event_id: z.uuid(),
  member_id: z.uuid(),
  stamp_card_id: z.uuid(),
  club_id: z.uuid(),
  seq: z.int(),
  staff_id: z.uuid().nullable(),
  reference: z.string().nullable(),
  /** In which its day is counted: the partner's when it was booked. */
  time_zone: z.string(),
  created_at: z.iso.datetime(),
};

const factExample = {
  stamp_event_id: sample.stampEventId,
  member_id: sample.memberId,
  stamp_card_id: sample.stampCardId,
  club_id: sample.clubId,
  seq: 4,
  staff_id: null,
  reference: 'receipt-1001',
  time_zone: 'Europe/Vilnius',
  created_at: sample.at,
};

/** `stamps` were given; afterwards the card has `current_stamps` of `stamps_required`. */
export const stampsAdded = defineEvent({
  type: 'ledger.stamps_added.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['stamp.added'],
  summary: 'A member was given stamps.',
  data: z.object({
    ...fact,
    stamps: z.int(),
    current_stamps: z.int(),
    stamps_required: z.int(),
    expires_at: z.iso.datetime().nullable(),
  }),
  example: { ...factExample, stamps: 1, current_stamps: 4, stamps_required: 10, expires_at: null },
});

/** One for each time that stamps were given, however many cards they filled: `completions`. It follows its `stamps_added`. */
export const stampCardCompleted = defineEvent({
  type: 'ledger.stamp_card_completed.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['stamp_card.completed'],
  summary: 'A member filled a stamp card, or several at once.',
  data: z.object({
    ...fact,
    stamps: z.int(),
    stamps_required: z.int(),
    completions: z.int(),
    completed_count: z.int(),
    pending_rewards: z.int(),
    points_awarded: z.int(),
    transaction_id: z.uuid().nullable(),
  }),
  example: {
    ...factExample,
    stamps: 1,
    stamps_required: 10,
    completions: 1,
    completed_count: 2,
    pending_rewards: 1,
    points_awarded: 0,
    transaction_id: null,
  },
});

export const stampRewardRedeemed = defineEvent({
  type: 'ledger.stamp_reward_redeemed.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: [],
  summary: 'A reward of a completed stamp card was handed out.',
  data: z.object({ ...fact, pending_rewards: z.int() }),
  example: { ...factExample, seq: 5, pending_rewards: 0 },
});

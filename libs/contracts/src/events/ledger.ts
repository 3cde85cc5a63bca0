import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { sample } from '../sample.ts';

/** Words of a ledger entry (contract 1.13); those that the system can book today. */
export const entryEvents = [
  'staff_credited_points_for_purchase',
  'initial_bonus_points',
  'stamp_card_reward_points',
  'voucher_bonus_points',
  'staff_redeemed_points_for_reward',
  'member_redeemed_points_for_reward',
  'points_expired',
] as const;
export type EntryEvent = (typeof entryEvents)[number];

/** All words of the contract: lists are filtered by each of them, and clients know them before the first such entry is booked. */
export const entryEventWords = [
  ...entryEvents,
  'staff_credited_points',
  'cross_shop_points_awarded',
  'campaign_points_awarded',
  'points_adjusted',
  'points_imported',
  'points_activated',
  'staff_redeemed_points',
  'hold_captured',
  'purchase_reversed',
  'redemption_reversed',
  'reversal_reversed',
] as const;

/** Those that another part of the system owes a member, without a purchase. */
export const awardEvents = [
  'stamp_card_reward_points',
  'voucher_bonus_points',
] as const satisfies readonly EntryEvent[];
export type AwardEvent = (typeof awardEvents)[number];

/** One entry of the ledger: points signed, amounts in minor units, `seq` gapless in the account (member × card). */
const entry = z.object({
  transaction_id: z.uuid(),
  member_id: z.uuid(),
  card_id: z.uuid(),
  club_id: z.uuid(),
  event: z.enum(entryEvents),
  points: z.int(),
  balance_after: z.int(),
  seq: z.int(),
  purchase_minor: z.int().nullable(),
  currency: z.string(),
  reward_id: z.uuid().nullable(),
  /** Who stood at the till; absent or null = nobody that is known. */
  staff_id: z.uuid().nullable().optional(),
  reference: z.string().nullable(),
  /** In which its day is counted: the partner's when it was booked. */
  time_zone: z.string().optional(),
  occurred_at: z.iso.datetime(),
  created_at: z.iso.datetime(),
});

const entryExample = {
  transaction_id: sample.transactionId,
  member_id: sample.memberId,
  card_id: sample.cardId,
  club_id: sample.clubId,
  event: 'staff_credited_points_for_purchase',
  points: 245,
  balance_after: 245,
  seq: 1,
  purchase_minor: 2_450,
  currency: 'EUR',
  reward_id: null,
  staff_id: null,
  reference: 'receipt-1001',
  time_zone: 'Europe/Vilnius',
  occurred_at: sample.at,
  created_at: sample.at,
};

export const pointsEarned = defineEvent({
  type: 'ledger.points_earned.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['transaction.created', 'points.awarded'],
  summary: 'Points were credited: a purchase (also one of 0 points), a welcome bonus, a full stamp card or a voucher.',
  data: entry,
  example: entryExample,
});

export const pointsRedeemed = defineEvent({
  type: 'ledger.points_redeemed.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['transaction.created', 'points.redeemed', 'reward.redeemed'],
  summary: 'Points were spent on a reward, by staff or by the member.',
  data: entry,
  example: {
    ...entryExample,
    event: 'staff_redeemed_points_for_reward',
    points: -200,
    balance_after: 45,
    seq: 2,
    purchase_minor: null,
    reward_id: sample.rewardId,
    reference: null,
  },
});

export const pointsExpired = defineEvent({
  type: 'ledger.points_expired.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['points.expired'],
  summary: 'Points expired, dated at the instant they were due.',
  data: entry,
  example: { ...entryExample, event: 'points_expired', points: -45, balance_after: 0, seq: 3, purchase_minor: null },
});

/** Tiers by name, as the caller of a purchase sees them; null = none. `club_id` null = the partner-wide ladder. */
export const memberTierChanged = defineEvent({
  type: 'ledger.member_tier_changed.v1',
  owner: 'ledger',
  topic: 'ledger',
  publicNames: ['tier.changed'],
  summary: 'A member moved to another tier of a ladder.',
  data: z.object({
    member_id: z.uuid(),
    club_id: z.uuid().nullable(),
    previous_tier_id: z.uuid().nullable(),
    tier_id: z.uuid().nullable(),
    previous_tier: z.string().nullable(),
    new_tier: z.string().nullable(),
    changed_at: z.iso.datetime(),
  }),
  example: {
    member_id: sample.memberId,
    club_id: null,
    previous_tier_id: null,
    tier_id: sample.tierId,
    previous_tier: null,
    new_tier: 'gold',
    changed_at: sample.at,
  },
});

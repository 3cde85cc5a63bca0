import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, decimal, id, instant, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { matchedBy } from './transactions.ts';

/** How far a member is on a stamp card. `stamps_required`: of the card that was begun, which keeps it to its end. */
const progress = {
  stamp_card_id: z.uuid(),
  title: z.string(),
  member_id: z.uuid(),
  current_stamps: z.int(),
  stamps_required: z.int(),
  completed_count: z.int(),
  pending_rewards: z.int(),
  next_expiry: instant.nullable(),
  last_stamp_at: instant.nullable(),
};

const progressExample = {
  stamp_card_id: sample.stampCardId,
  title: 'Every tenth coffee is on us',
  member_id: sample.memberId,
  current_stamps: 4,
  stamps_required: 10,
  completed_count: 1,
  pending_rewards: 1,
  next_expiry: '2026-09-04T08:15:00.000Z',
  last_stamp_at: sample.at,
};

const onStampCard = {
  dialect: 'agent',
  owner: 'ledger',
  role: 'partner',
  feature: 'stamp_cards',
  method: 'POST',
  scopes: ['write:stamps'],
  success: 200,
  idempotent: true,
  params: z.object({ id }),
  missing: { code: 'NOT_FOUND', resource: 'stamp_card', idName: 'id' },
} as const;

/** What both orders say beside their own. */
const order = {
  member_identifier: text(1, 255),
  staff_id: id.nullable().optional(),
  note: text(0, 1_000).nullable().optional(),
  reference: text(1, 255).optional(),
};

export const addStamps = defineEndpoint({
  ...onStampCard,
  id: 'agent.stamp_cards.add_stamps',
  path: '/api/agent/v1/partner/stamp-cards/{id}/stamps',
  dryRun: { id: 'internal.stamp_cards.estimate' },
  summary: 'Give a member stamps. The last one of a card earns its reward, and the next card begins.',
  body: z.strictObject({
    ...order,
    stamps: z.int().min(1).max(1_000).optional(),
    purchase_amount: decimal({ min: '0.01', max: '999999999.99' }).optional(),
  }),
  answer: z.object({
    ...progress,
    stamps_added: z.int(),
    completed: z.boolean(),
    points_awarded: z.int(),
    transaction_id: z.uuid().nullable(),
    stamp_event_id: z.uuid(),
    matched_by: matchedBy,
    duplicate: z.boolean(),
  }),
  example: {
    body: { member_identifier: 'ann@example.com', stamps: 1, purchase_amount: 4.5 },
    answer: {
      ...progressExample,
      stamps_added: 1,
      completed: false,
      points_awarded: 0,
      transaction_id: null,
      stamp_event_id: sample.stampEventId,
      matched_by: 'email',
      duplicate: false,
    },
  },
});

export const redeemStamps = defineEndpoint({
  ...onStampCard,
  id: 'agent.stamp_cards.redeem',
  path: '/api/agent/v1/partner/stamp-cards/{id}/redeem',
  summary: 'Hand out one reward of a completed stamp card.',
  body: z.strictObject(order),
  answer: z.object({
    redemption_id: z.uuid(),
    stamp_card_id: z.uuid(),
    member_id: z.uuid(),
    reward_title: z.string(),
    points_awarded: z.int(),
    pending_rewards: z.int(),
    redeemed_at: instant,
    matched_by: matchedBy,
    duplicate: z.boolean(),
  }),
  example: {
    body: { member_identifier: 'ann@example.com' },
    answer: {
      redemption_id: sample.stampEventId,
      stamp_card_id: sample.stampCardId,
      member_id: sample.memberId,
      reward_title: 'A coffee of your choice',
      points_awarded: 0,
      pending_rewards: 0,
      redeemed_at: sample.at,
      matched_by: 'email',
      duplicate: false,
    },
  },
});

export const memberStampCards = defineEndpoint({
  id: 'agent.members.stamp_cards',
  dialect: 'agent',
  owner: 'ledger',
  role: 'partner',
  feature: 'stamp_cards',
  method: 'GET',
  path: '/api/agent/v1/partner/members/{id}/stamp-cards',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  paged: true,
  missing: { code: 'MEMBER_NOT_FOUND', resource: 'member', idName: 'member_identifier' },
  summary: "List a member's progress on every stamp card that was begun.",
  params: z.object({ id }),
  query: z.strictObject(agentPage),
  answer: z.array(z.object(progress)),
  example: { answer: [progressExample] },
});

/** Without the gate of its feature: a member keeps what was begun. With the gate closed, nothing else is shown. */
export const listMyStampCards = defineEndpoint({
  id: 'agent.member.stamp_cards.list',
  dialect: 'agent',
  owner: 'ledger',
  role: 'member',
  method: 'GET',
  path: '/api/agent/v1/member/stamp-cards',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  paged: true,
  summary: 'List own stamp cards: those that are open to all members, and those that were begun.',
  query: z.strictObject(agentPage),
  answer: z.array(
    z.object({
      ...progress,
      description: z.string().nullable(),
      reward_title: z.string().nullable(),
      reward_description: z.string().nullable(),
      reward_points: z.int().nullable(),
      valid_until: instant.nullable(),
      bg_color: z.string().nullable(),
      text_color: z.string().nullable(),
      stamp_icon: z.string().nullable(),
    }),
  ),
  example: {
    answer: [
      {
        ...progressExample,
        description: null,
        reward_title: 'A coffee of your choice',
        reward_description: null,
        reward_points: null,
        valid_until: null,
        bg_color: '#4E342E',
        text_color: '#FFFFFF',
        stamp_icon: 'coffee',
      },
    ],
  },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { instant } from '../primitives.ts';
import { sample } from '../sample.ts';
import { breakdown, explained, matchedBy, purchase, redeem } from './transactions.ts';

/** What an estimate says beside the answer of what it estimates. Fields of that answer are null where a refusal leaves them open. */
export const told = {
  would_succeed: z.boolean(),
  /** The business refusal that the same request would meet now. */
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }).nullable(),
  explain: z.array(explained),
};

/** `type` decides which fields of the others are taken: all problems are told at once, as by the endpoint that is estimated. */
const body = z
  .strictObject({
    type: z.enum(['purchase', 'redeem']),
    card_id: purchase.body.shape.card_id,
    member_identifier: purchase.body.shape.member_identifier.optional(),
    purchase_amount: purchase.body.shape.purchase_amount.optional(),
    reward_id: redeem.body.shape.reward_id.optional(),
    staff_id: purchase.body.shape.staff_id,
    note: purchase.body.shape.note,
    currency: purchase.body.shape.currency,
    reference: purchase.body.shape.reference,
    items: purchase.body.shape.items,
    occurred_at: purchase.body.shape.occurred_at,
  })
  .superRefine(
    (sent, ctx) => {
      const { needs, refuses } = byType[sent?.type] ?? { needs: [], refuses: [] };
      for (const name of needs) {
        if (sent[name] === undefined) ctx.addIssue({ code: 'custom', path: [name], message: 'is required' });
      }
      const keys = refuses.filter((name) => sent[name] !== undefined);
      if (keys.length > 0) ctx.addIssue({ code: 'unrecognized_keys', path: [], keys });
    },
    { when: () => true },
  );

const byType = {
  purchase: { needs: ['purchase_amount'], refuses: ['reward_id'] },
  redeem: {
    needs: ['member_identifier', 'reward_id'],
    refuses: ['purchase_amount', 'currency', 'items', 'occurred_at'],
  },
} as const;

const purchaseEstimate = z.object({
  type: z.literal('purchase'),
  points_awarded: z.int().nullable(),
  new_balance: z.int().nullable(),
  tier: z.string().nullable(),
  bonus_points: z.int().nullable(),
  member_balance: z.int().nullable(),
  card_id: z.uuid(),
  member_id: z.uuid().nullable(),
  matched_by: matchedBy.nullable(),
  status: z.enum(['completed', 'pending']).nullable(),
  activates_at: instant.nullable(),
  expires_at: instant.nullable(),
  tier_changed: z.boolean().nullable(),
  points_to_next_tier: z.int().nullable(),
  breakdown: breakdown.nullable(),
  reason: z.enum(['below_minimum_purchase']).nullable(),
  duplicate: z.boolean(),
  ...told,
});

const redeemEstimate = z.object({
  type: z.literal('redeem'),
  points_deducted: z.int().nullable(),
  member_balance: z.int().nullable(),
  new_balance: z.int().nullable(),
  reward_id: z.uuid(),
  reward: z.string().nullable(),
  card_id: z.uuid(),
  member_id: z.uuid().nullable(),
  matched_by: matchedBy.nullable(),
  duplicate: z.boolean(),
  ...told,
});

/**
 * Decides as the endpoint itself would now, and books nothing. Business refusals are 200 with `would_succeed: false`; what is
 * wrong with the request, 404 and a used reference with other content are errors as usual.
 */
export const estimate = defineEndpoint({
  id: 'agent.transactions.estimate',
  dialect: 'agent',
  owner: 'ledger',
  role: 'partner',
  feature: 'loyalty_cards',
  method: 'POST',
  path: '/api/agent/v1/partner/transactions/estimate',
  scopes: ['read', 'write:transactions'],
  success: 200,
  idempotent: false,
  summary: 'Estimate a purchase or a redemption: what it would answer now, with nothing booked.',
  body,
  answer: z.discriminatedUnion('type', [purchaseEstimate, redeemEstimate]),
  example: {
    body: { type: 'redeem', card_id: sample.cardId, reward_id: sample.rewardId, member_identifier: 'ann@example.com' },
    answer: {
      type: 'redeem',
      points_deducted: 200,
      member_balance: 245,
      new_balance: 45,
      reward_id: sample.rewardId,
      reward: 'Free coffee',
      card_id: sample.cardId,
      member_id: sample.memberId,
      matched_by: 'email',
      duplicate: false,
      would_succeed: true,
      error: null,
      explain: [
        {
          rule: 'balance',
          id: sample.cardId,
          matched: true,
          why: '245 points can be spent; the price is 200.',
          points: -200,
        },
      ],
    },
  },
});

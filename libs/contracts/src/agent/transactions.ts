import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { entryEventWords } from '../events/ledger.ts';
import { identifierKinds } from '../events/members.ts';
import { agentPage, currency, dateTime, day, decimal, id, instant, text } from '../primitives.ts';
import { sample } from '../sample.ts';

const statuses = ['completed', 'pending', 'partially_reversed', 'reversed'] as const;
/** By what a member was found. */
export const matchedBy = z.enum(['id', ...identifierKinds]);

export const breakdown = z.object({
  base_points: z.int(),
  tier: z.string().nullable(),
  tier_multiplier: z.number(),
  campaigns: z.array(
    z.object({ id: z.uuid(), name: z.string(), multiplier: z.number().nullable(), bonus_points: z.int() }),
  ),
  clamped_from: z.int().nullable(),
  total_points: z.int(),
});

const item = z.strictObject({
  id: text(1, 100),
  name: text(1, 255),
  quantity: decimal({ above: 0, max: 1_000_000 }),
  amount: decimal({ min: 0, max: '999999999.99' }),
  sku: text(1, 100).optional(),
  category: text(1, 100).optional(),
});

export const transaction = z.object({
  id: z.uuid(),
  member_id: z.uuid(),
  card_id: z.uuid(),
  club_id: z.uuid(),
  staff_id: z.uuid().nullable(),
  staff_name: z.string(),
  reward_id: z.uuid().nullable(),
  event: z.enum(entryEventWords),
  points: z.int(),
  balance_after: z.int(),
  purchase_amount: z.number().nullable(),
  currency: z.string().nullable(),
  status: z.enum(statuses),
  reversed_points: z.int(),
  reverses_id: z.uuid().nullable(),
  reference: z.string().nullable(),
  note: z.string().nullable(),
  activates_at: instant.nullable(),
  expires_at: instant.nullable(),
  breakdown: breakdown.nullable(),
  items: z.array(z.record(z.string(), z.unknown())),
  group_id: z.uuid().nullable(),
  /** What the member shows at the till for a reward that it claimed. */
  claim_code: z.string().nullable(),
  occurred_at: instant,
  created_at: instant,
});

const breakdownExample = {
  base_points: 245,
  tier: null,
  tier_multiplier: 1,
  campaigns: [],
  clamped_from: null,
  total_points: 245,
};

export const transactionExample = {
  id: sample.transactionId,
  member_id: sample.memberId,
  card_id: sample.cardId,
  club_id: sample.clubId,
  staff_id: null,
  staff_name: 'System',
  reward_id: null,
  event: 'staff_credited_points_for_purchase',
  points: 245,
  balance_after: 245,
  purchase_amount: 24.5,
  currency: 'EUR',
  status: 'completed',
  reversed_points: 0,
  reverses_id: null,
  reference: 'receipt-1001',
  note: 'Coffee and pastry',
  activates_at: null,
  expires_at: '2027-03-08T09:15:00.000Z',
  breakdown: breakdownExample,
  items: [],
  group_id: null,
  claim_code: null,
  occurred_at: sample.at,
  created_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'ledger',
  role: 'partner',
  feature: 'loyalty_cards',
  missing: { code: 'NOT_FOUND', resource: 'transaction', idName: 'id' },
} as const;
const reads = { scopes: ['read', 'write:transactions'], success: 200, idempotent: false } as const;

export const listTransactions = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.transactions.list',
  method: 'GET',
  path: '/api/agent/v1/partner/transactions',
  paged: true,
  summary: 'List transactions, newest first.',
  query: z
    .strictObject({
      ...agentPage,
      member_identifier: text(1, 255).optional(),
      card_id: id.optional(),
      club_id: id.optional(),
      staff_id: id.optional(),
      event: z.enum(entryEventWords).optional(),
      status: z.enum(statuses).optional(),
      reference: text(1, 255).optional(),
      claim_code: z
        .string()
        .regex(/^[A-Za-z2-9]{8}$/, 'must be the 8 letters and digits 2 to 9 that the member shows')
        .optional(),
      from: day.optional(),
      to: day.optional(),
    })
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
      path: ['from'],
      error: 'must not be after to',
    }),
  answer: z.array(transaction),
  example: { answer: [transactionExample] },
});

export const getTransaction = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.transactions.get',
  method: 'GET',
  path: '/api/agent/v1/partner/transactions/{id}',
  params: z.object({ id: z.uuid() }),
  summary: 'Get a transaction with the lots it opened or used.',
  answer: transaction.extend({
    lots: z.array(z.object({ lot_id: z.uuid(), points: z.int(), expires_at: instant.nullable() })),
    reversals: z.array(z.object({ id: z.uuid(), points: z.int(), created_at: instant })),
  }),
  example: {
    answer: {
      ...transactionExample,
      lots: [{ lot_id: sample.lotId, points: 245, expires_at: '2027-03-08T09:15:00.000Z' }],
      reversals: [],
    },
  },
});

export const explained = z.object({
  rule: z.string(),
  id: z.string().nullable(),
  matched: z.boolean(),
  why: z.string(),
  points: z.int().nullable(),
});

export const purchase = defineEndpoint({
  ...shared,
  id: 'agent.transactions.purchase',
  method: 'POST',
  path: '/api/agent/v1/partner/transactions/purchase',
  scopes: ['write:transactions'],
  success: 200,
  idempotent: true,
  dryRun: { id: 'agent.transactions.estimate', body: { type: 'purchase' } },
  summary: 'Record a purchase and award its points.',
  query: z.strictObject({ explain: z.enum(['true', 'false']).optional() }),
  body: z.strictObject({
    card_id: id,
    member_identifier: text(1, 255),
    purchase_amount: decimal({ min: '0.01', max: '999999999.99' }),
    staff_id: id.nullable().optional(),
    note: text(0, 1_000).nullable().optional(),
    currency: currency.optional(),
    reference: text(1, 255).optional(),
    items: z.array(item).max(500).optional(),
    occurred_at: dateTime.optional(),
  }),
  answer: z.object({
    transaction_id: z.uuid(),
    points_awarded: z.int(),
    new_balance: z.int(),
    tier: z.string().nullable(),
    bonus_points: z.int(),
    bonus_transaction_id: z.uuid().nullable(),
    member_balance: z.int(),
    card_id: z.uuid(),
    member_id: z.uuid(),
    matched_by: matchedBy,
    status: z.enum(['completed', 'pending']),
    activates_at: instant.nullable(),
    expires_at: instant.nullable(),
    tier_changed: z.boolean(),
    points_to_next_tier: z.int().nullable(),
    breakdown,
    reason: z.enum(['below_minimum_purchase']).nullable(),
    duplicate: z.boolean(),
    explain: z.array(explained).optional(),
  }),
  example: {
    body: {
      card_id: sample.cardId,
      member_identifier: 'ann@example.com',
      purchase_amount: 24.5,
      note: 'Coffee and pastry',
    },
    answer: {
      transaction_id: sample.transactionId,
      points_awarded: 245,
      new_balance: 245,
      tier: 'bronze',
      bonus_points: 0,
      bonus_transaction_id: null,
      member_balance: 0,
      card_id: sample.cardId,
      member_id: sample.memberId,
      matched_by: 'email',
      status: 'completed',
      activates_at: null,
      expires_at: '2027-03-08T09:15:00.000Z',
      tier_changed: false,
      points_to_next_tier: 4_755,
      breakdown: breakdownExample,
      reason: null,
      duplicate: false,
    },
  },
});

export const redeem = defineEndpoint({
  ...shared,
  id: 'agent.transactions.redeem',
  method: 'POST',
  path: '/api/agent/v1/partner/transactions/redeem',
  scopes: ['write:rewards'],
  success: 200,
  idempotent: true,
  dryRun: { id: 'agent.transactions.estimate', body: { type: 'redeem' } },
  summary: 'Redeem a reward for points.',
  body: z.strictObject({
    card_id: id,
    reward_id: id,
    member_identifier: text(1, 255),
    staff_id: id.nullable().optional(),
    note: text(0, 1_000).nullable().optional(),
    reference: text(1, 255).optional(),
  }),
  answer: z.object({
    transaction_id: z.uuid(),
    points_deducted: z.int(),
    member_balance: z.int(),
    new_balance: z.int(),
    reward_id: z.uuid(),
    reward: z.string(),
    card_id: z.uuid(),
    member_id: z.uuid(),
    matched_by: matchedBy,
    duplicate: z.boolean(),
  }),
  example: {
    body: { card_id: sample.cardId, reward_id: sample.rewardId, member_identifier: 'ann@example.com' },
    answer: {
      transaction_id: sample.transactionId,
      points_deducted: 200,
      member_balance: 245,
      new_balance: 45,
      reward_id: sample.rewardId,
      reward: 'Free coffee',
      card_id: sample.cardId,
      member_id: sample.memberId,
      matched_by: 'email',
      duplicate: false,
    },
  },
});

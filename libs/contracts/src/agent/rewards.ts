import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import {
  agentPage,
  dateTime,
  deleted,
  httpsUrl,
  id,
  instant,
  queryBoolean,
  stamps,
  text,
  translatable,
} from '../primitives.ts';
import { sample } from '../sample.ts';

const rewardTypes = ['product', 'discount', 'service', 'other'] as const;

export const reward = z.object({
  id: z.uuid(),
  card_ids: z.array(z.uuid()),
  card_id: z.uuid().nullable(),
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  points: z.int(),
  is_active: z.boolean(),
  active_from: instant.nullable(),
  expiration_date: instant.nullable(),
  max_number_to_redeem: z.int().nullable(),
  max_per_member: z.int().nullable(),
  reward_type: z.enum(rewardTypes),
  images: z.array(z.string()),
  number_of_times_redeemed: z.int(),
  remaining: z.int().nullable(),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  ...stamps,
});

const count = z.int().min(1).max(1_000_000_000).nullable().optional();

const fields = {
  card_ids: z.array(id).min(1).max(200).optional(),
  card_id: id.optional(),
  name: text(1, 255),
  title: translatable(255).nullable().optional(),
  description: translatable(1_000).nullable().optional(),
  points: z.int().min(1).max(1_000_000_000),
  is_active: z.boolean().optional(),
  active_from: dateTime.nullable().optional(),
  expiration_date: dateTime.nullable().optional(),
  max_number_to_redeem: count,
  max_per_member: count,
  reward_type: z.enum(rewardTypes).optional(),
  images: z.array(httpsUrl).max(5).optional(),
};

const rewardExample = {
  id: sample.rewardId,
  card_ids: [sample.cardId],
  card_id: sample.cardId,
  name: 'Free coffee',
  title: 'Free coffee',
  description: null,
  points: 200,
  is_active: true,
  active_from: null,
  expiration_date: null,
  max_number_to_redeem: null,
  max_per_member: null,
  reward_type: 'product',
  images: [],
  number_of_times_redeemed: 0,
  remaining: null,
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'partner',
  feature: 'loyalty_cards',
  missing: { code: 'NOT_FOUND', resource: 'reward', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/rewards/{id}', params: z.object({ id: z.uuid() }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/rewards' } as const;
const reads = { scopes: ['read', 'write:rewards'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:rewards'], idempotent: true } as const;

export const listRewards = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.rewards.list',
  method: 'GET',
  paged: true,
  summary: 'List rewards.',
  query: z.strictObject({
    ...agentPage,
    card_id: id.optional(),
    is_active: queryBoolean.optional(),
    search: text(1, 255).optional(),
  }),
  answer: z.array(reward),
  example: { answer: [rewardExample] },
});

export const getReward = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.rewards.get',
  method: 'GET',
  summary: 'Get a reward.',
  answer: reward,
  example: { answer: rewardExample },
});

export const createReward = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.rewards.create',
  method: 'POST',
  success: 201,
  summary: 'Create a reward that members save up for.',
  body: z.strictObject(fields).refine((body) => (body.card_ids === undefined) !== (body.card_id === undefined), {
    path: ['card_ids'],
    error: 'send exactly one of card_ids and card_id',
  }),
  answer: reward,
  example: { body: { card_id: sample.cardId, name: 'Free coffee', points: 200 }, answer: rewardExample },
});

export const updateReward = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.rewards.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a reward. A new price acts at once.',
  body: z
    .strictObject(fields)
    .partial()
    .refine((body) => body.card_ids === undefined || body.card_id === undefined, {
      path: ['card_ids'],
      error: 'send only one of card_ids and card_id',
    }),
  answer: reward,
  example: { body: { points: 250 }, answer: { ...rewardExample, points: 250 } },
});

export const deleteReward = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.rewards.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a reward. Past redemptions keep its id and title.',
  answer: deleted,
  example: { answer: { id: sample.rewardId, deleted: true } },
});

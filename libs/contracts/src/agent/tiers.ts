import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, colour, decimal, deleted, id, stamps, text, translatable } from '../primitives.ts';
import { sample } from '../sample.ts';

const tier = z.object({
  id: z.uuid(),
  club_id: z.uuid().nullable(),
  name: z.string(),
  display_name: z.string(),
  description: z.string().nullable(),
  level: z.int(),
  points_threshold: z.int(),
  points_multiplier: z.number(),
  redemption_discount: z.number(),
  icon: z.string().nullable(),
  color: z.string().nullable(),
  is_default: z.boolean(),
  is_active: z.boolean(),
  members_count: z.int(),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  ...stamps,
});

const fields = {
  name: text(1, 100),
  display_name: translatable(100).nullable().optional(),
  description: translatable(1_000).nullable().optional(),
  level: z.int().min(0).max(100).optional(),
  points_threshold: z.int().min(0).max(1_000_000_000),
  points_multiplier: decimal({ min: 1, max: 10, places: 2 }).optional(),
  redemption_discount: decimal({ min: 0, max: 100, places: 2 }).optional(),
  icon: text(1, 50).nullable().optional(),
  color: colour.nullable().optional(),
  is_default: z.boolean().optional(),
  is_active: z.boolean().optional(),
};

const tierExample = {
  id: sample.tierId,
  club_id: null,
  name: 'gold',
  display_name: 'Gold',
  description: null,
  level: 2,
  points_threshold: 5_000,
  points_multiplier: 1.5,
  redemption_discount: 0,
  icon: null,
  color: null,
  is_default: false,
  is_active: true,
  members_count: 0,
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'partner',
  feature: 'loyalty_cards',
  missing: { code: 'NOT_FOUND', resource: 'tier', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/tiers/{id}', params: z.object({ id: z.uuid() }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/tiers' } as const;
const reads = { scopes: ['read', 'write:tiers'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:tiers'], idempotent: true } as const;

export const listTiers = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.tiers.list',
  method: 'GET',
  paged: true,
  summary: 'List tiers, by ladder and level.',
  query: z.strictObject({ ...agentPage, club_id: z.union([z.literal('none'), id]).optional() }),
  answer: z.array(tier),
  example: { answer: [tierExample] },
});

export const getTier = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.tiers.get',
  method: 'GET',
  summary: 'Get a tier.',
  answer: tier,
  example: { answer: tierExample },
});

export const createTier = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.tiers.create',
  method: 'POST',
  success: 201,
  summary: 'Create a tier of the partner-wide ladder or of a club.',
  body: z.strictObject({ club_id: id.nullable().optional(), ...fields }),
  answer: tier,
  example: {
    body: { name: 'gold', display_name: 'Gold', level: 2, points_threshold: 5_000, points_multiplier: 1.5 },
    answer: tierExample,
  },
});

export const updateTier = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.tiers.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a tier. Its members are placed anew within seconds.',
  body: z.strictObject({ club_id: id.nullable().optional(), ...fields }).partial(),
  answer: tier,
  example: { body: { points_threshold: 4_000 }, answer: { ...tierExample, points_threshold: 4_000 } },
});

export const deleteTier = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.tiers.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a tier. Its members move to the tier that their points now give.',
  answer: deleted,
  example: { answer: { id: sample.tierId, deleted: true } },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import {
  agentPage,
  colour,
  currency,
  dateTime,
  decimal,
  deleted,
  id,
  instant,
  queryBoolean,
  stamps,
  text,
  translatable,
} from '../primitives.ts';
import { sample } from '../sample.ts';

const stampCard = z.object({
  id: z.uuid(),
  club_id: z.uuid(),
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  reward_title: z.string().nullable(),
  reward_description: z.string().nullable(),
  stamps_required: z.int(),
  stamps_per_purchase: z.int(),
  min_purchase_amount: z.number().nullable(),
  currency: z.string(),
  max_stamps_per_transaction: z.int().nullable(),
  max_stamps_per_day: z.int().nullable(),
  stamps_expire_days: z.int().nullable(),
  reward_points: z.int().nullable(),
  reward_card_id: z.uuid().nullable(),
  requires_physical_claim: z.boolean(),
  valid_from: instant.nullable(),
  valid_until: instant.nullable(),
  is_active: z.boolean(),
  is_visible_by_default: z.boolean(),
  stamp_icon: z.string().nullable(),
  bg_color: z.string().nullable(),
  text_color: z.string().nullable(),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  ...stamps,
});

const most = z.int().min(1).max(1_000).nullable().optional();

/** Amounts are checked against the currency's decimals, and fields against each other, by the catalog. */
const fields = {
  club_id: id,
  name: text(1, 255),
  title: translatable(255),
  description: translatable(1_000).nullable().optional(),
  reward_title: translatable(255).nullable().optional(),
  reward_description: translatable(1_000).nullable().optional(),
  stamps_required: z.int().min(2).max(50),
  stamps_per_purchase: z.int().min(1).max(50).optional(),
  min_purchase_amount: decimal({ min: 0, max: '999999999.99' }).nullable().optional(),
  currency: currency.optional(),
  max_stamps_per_transaction: most,
  max_stamps_per_day: most,
  stamps_expire_days: z.int().min(1).max(3_650).nullable().optional(),
  reward_points: z.int().min(1).max(1_000_000).nullable().optional(),
  reward_card_id: id.nullable().optional(),
  requires_physical_claim: z.boolean().optional(),
  valid_from: dateTime.nullable().optional(),
  valid_until: dateTime.nullable().optional(),
  is_active: z.boolean().optional(),
  is_visible_by_default: z.boolean().optional(),
  stamp_icon: text(1, 50).nullable().optional(),
  bg_color: colour.nullable().optional(),
  text_color: colour.nullable().optional(),
};

const stampCardExample = {
  id: sample.stampCardId,
  club_id: sample.clubId,
  name: 'Ten coffees',
  title: 'Every tenth coffee is on us',
  description: null,
  reward_title: 'A coffee of your choice',
  reward_description: null,
  stamps_required: 10,
  stamps_per_purchase: 1,
  min_purchase_amount: 2.5,
  currency: 'EUR',
  max_stamps_per_transaction: 5,
  max_stamps_per_day: 10,
  stamps_expire_days: 180,
  reward_points: null,
  reward_card_id: null,
  requires_physical_claim: true,
  valid_from: null,
  valid_until: null,
  is_active: true,
  is_visible_by_default: true,
  stamp_icon: 'coffee',
  bg_color: '#4E342E',
  text_color: '#FFFFFF',
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'partner',
  feature: 'stamp_cards',
  missing: { code: 'NOT_FOUND', resource: 'stamp_card', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/stamp-cards/{id}', params: z.object({ id }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/stamp-cards' } as const;
const reads = { scopes: ['read', 'write:stamps'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:stamps'], idempotent: true } as const;

export const listStampCards = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.stamp_cards.list',
  method: 'GET',
  paged: true,
  summary: 'List stamp cards.',
  query: z.strictObject({
    ...agentPage,
    club_id: id.optional(),
    is_active: queryBoolean.optional(),
    search: text(1, 255).optional(),
  }),
  answer: z.array(stampCard),
  example: { answer: [stampCardExample] },
});

export const getStampCard = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.stamp_cards.get',
  method: 'GET',
  summary: 'Get a stamp card.',
  answer: stampCard,
  example: { answer: stampCardExample },
});

export const createStampCard = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.stamp_cards.create',
  method: 'POST',
  success: 201,
  summary: 'Create a stamp card: collect stamps, earn a reward when it is full.',
  body: z.strictObject(fields),
  answer: stampCard,
  example: {
    body: {
      club_id: sample.clubId,
      name: 'Ten coffees',
      title: 'Every tenth coffee is on us',
      reward_title: 'A coffee of your choice',
      stamps_required: 10,
      min_purchase_amount: 2.5,
      stamps_expire_days: 180,
    },
    answer: stampCardExample,
  },
});

export const updateStampCard = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.stamp_cards.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a stamp card. A new number of stamps acts on cards begun after it.',
  body: z.strictObject(fields).partial(),
  answer: stampCard,
  example: { body: { stamps_required: 8 }, answer: { ...stampCardExample, stamps_required: 8 } },
});

export const deleteStampCard = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.stamp_cards.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a stamp card for which no reward waits to be claimed. Open progress ends.',
  answer: deleted,
  example: { answer: { id: sample.stampCardId, deleted: true } },
});

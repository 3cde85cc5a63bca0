import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import {
  agentPage,
  colour,
  currency,
  dateTime,
  decimal,
  deleted,
  httpsUrl,
  id,
  instant,
  stamps,
  text,
  translatable,
} from '../primitives.ts';
import { sample } from '../sample.ts';

export const cardStatuses = ['active', 'inactive', 'scheduled', 'expired'] as const;
const roundings = ['none', 'day', 'month', 'quarter', 'year'] as const;
const reversalPolicies = ['within_balance', 'only_pending', 'unlimited'] as const;

export const card = z.object({
  id: z.uuid(),
  unique_identifier: z.string(),
  club_id: z.uuid(),
  name: z.string(),
  head: z.string().nullable(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  issue_date: instant,
  expiration_date: instant.nullable(),
  currency: z.string(),
  currency_unit_amount: z.number(),
  points_per_currency: z.int(),
  round_points_up: z.boolean(),
  min_purchase_amount: z.number().nullable(),
  min_points_per_purchase: z.int().nullable(),
  max_points_per_purchase: z.int().nullable(),
  initial_bonus_points: z.int(),
  points_expiration_months: z.int().nullable(),
  points_expiration_rounding: z.enum(roundings),
  pending_days: z.int(),
  reversal_policy: z.enum(reversalPolicies),
  is_active: z.boolean(),
  is_visible_by_default: z.boolean(),
  bg_color: z.string().nullable(),
  text_color: z.string().nullable(),
  bg_color_opacity: z.int(),
  bg_image_url: z.string().nullable(),
  logo_url: z.string().nullable(),
  reward_ids: z.array(z.uuid()),
  status: z.enum(cardStatuses),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  ...stamps,
});

const perPurchase = z.int().min(0).max(1_000_000_000).nullable().optional();

/** `currency_unit_amount` and `min_purchase_amount` are checked against the currency's decimals by the catalog. */
const fields = {
  club_id: id,
  name: text(1, 255),
  head: translatable(255).nullable().optional(),
  title: translatable(255).nullable().optional(),
  description: translatable(1_000).nullable().optional(),
  /** Null is now, as when it is absent in a new card. */
  issue_date: dateTime.nullable().optional(),
  expiration_date: dateTime.nullable().optional(),
  currency,
  currency_unit_amount: decimal({ above: 0, max: 1_000_000 }).optional(),
  points_per_currency: z.int().min(0).max(1_000_000),
  round_points_up: z.boolean().optional(),
  min_purchase_amount: decimal({ min: 0, max: '999999999.99' }).nullable().optional(),
  min_points_per_purchase: perPurchase,
  max_points_per_purchase: perPurchase,
  initial_bonus_points: z.int().min(0).max(1_000_000).optional(),
  points_expiration_months: z.int().min(1).max(1_200).nullable().optional(),
  points_expiration_rounding: z.enum(roundings).optional(),
  pending_days: z.int().min(0).max(365).optional(),
  reversal_policy: z.enum(reversalPolicies).optional(),
  is_active: z.boolean().optional(),
  is_visible_by_default: z.boolean().optional(),
  bg_color: colour.optional(),
  text_color: colour.optional(),
  bg_color_opacity: z.int().min(0).max(100).optional(),
  bg_image_url: httpsUrl.nullable().optional(),
  logo_url: httpsUrl.nullable().optional(),
  reward_ids: z.array(id).max(200).optional(),
};

export const cardExample = {
  id: sample.cardId,
  unique_identifier: '402-118-973-551',
  club_id: sample.clubId,
  name: 'Coffee card',
  head: null,
  title: 'Coffee card',
  description: null,
  issue_date: sample.at,
  expiration_date: null,
  currency: 'EUR',
  currency_unit_amount: 1,
  points_per_currency: 10,
  round_points_up: false,
  min_purchase_amount: null,
  min_points_per_purchase: null,
  max_points_per_purchase: null,
  initial_bonus_points: 0,
  points_expiration_months: 12,
  points_expiration_rounding: 'none',
  pending_days: 0,
  reversal_policy: 'within_balance',
  is_active: true,
  is_visible_by_default: false,
  bg_color: null,
  text_color: null,
  bg_color_opacity: 100,
  bg_image_url: null,
  logo_url: null,
  reward_ids: [],
  status: 'active',
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'partner',
  feature: 'loyalty_cards',
  missing: { code: 'NOT_FOUND', resource: 'card', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/cards/{id}', params: z.object({ id: z.uuid() }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/cards' } as const;
const reads = { scopes: ['read', 'write:cards'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:cards'], idempotent: true } as const;

export const listCards = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.cards.list',
  method: 'GET',
  paged: true,
  summary: 'List loyalty cards.',
  query: z.strictObject({
    ...agentPage,
    club_id: id.optional(),
    status: z.enum(cardStatuses).optional(),
    search: text(1, 255).optional(),
  }),
  answer: z.array(card),
  example: { answer: [cardExample] },
});

export const getCard = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.cards.get',
  method: 'GET',
  summary: 'Get a loyalty card.',
  answer: card,
  example: { answer: cardExample },
});

export const createCard = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.cards.create',
  method: 'POST',
  success: 201,
  summary: 'Create a loyalty card: the earning rules of a club.',
  body: z.strictObject(fields),
  answer: card,
  example: {
    body: {
      club_id: sample.clubId,
      name: 'Coffee card',
      title: 'Coffee card',
      currency: 'EUR',
      points_per_currency: 10,
      points_expiration_months: 12,
    },
    answer: cardExample,
  },
});

export const updateCard = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.cards.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a loyalty card. Its rules act on the next operation.',
  body: z.strictObject(fields).partial(),
  answer: card,
  example: { body: { points_per_currency: 12 }, answer: { ...cardExample, points_per_currency: 12 } },
});

export const deleteCard = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.cards.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a loyalty card on which nobody holds points, and onto which nothing pays any.',
  answer: deleted,
  example: { answer: { id: sample.cardId, deleted: true } },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { partnerGates } from '../features.ts';
import { plans } from '../plans.ts';
import {
  agentPage,
  currency,
  deleted,
  email,
  id,
  instant,
  locale,
  password,
  stamps,
  text,
  textPatterns,
  timeZone,
} from '../primitives.ts';
import { sample } from '../sample.ts';

const statuses = ['active', 'pending', 'suspended'] as const;

const partner = z.object({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  tier: z.enum(plans),
  status: z.enum(statuses),
  limited: z.boolean(),
  network: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  currency: z.string(),
  time_zone: z.string(),
  locale: z.string(),
  permissions: partnerGates,
  usage: z.object({
    clubs: z.int(),
    cards: z.int(),
    rewards: z.int(),
    stamp_cards: z.int(),
    vouchers: z.int(),
    staff: z.int(),
    members: z.int(),
    agent_keys: z.int(),
  }),
  ...stamps,
});

/** Absent permissions keep their value. */
const someGates = z.strictObject(
  Object.fromEntries(
    Object.entries(partnerGates.shape).map(([name, gate]) => [name, gate.unwrap().optional()]),
  ) as Record<string, z.ZodOptional<z.ZodBoolean | z.ZodInt>>,
);

const fields = {
  name: text(1, 255),
  email,
  slug: z
    .string()
    .regex(/^[a-z0-9-]{3,63}$/, 'must be 3 to 63 of a-z, 0-9 and -')
    .optional(),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number like +37060000000')
    .nullable()
    .optional(),
  tier: z.enum(plans).optional(),
  status: z.enum(statuses).optional(),
  limited: z.boolean().optional(),
  network: text(1, 100).nullable().optional(),
  currency: currency.optional(),
  time_zone: timeZone.optional(),
  locale: locale.optional(),
};

const gatesExample = {
  agent_api_permission: true,
  loyalty_cards_permission: true,
  loyalty_cards_limit: -1,
  rewards_limit: -1,
  stamp_cards_permission: true,
  stamp_cards_limit: -1,
  vouchers_permission: true,
  vouchers_limit: -1,
  voucher_batches_permission: true,
  email_campaigns_permission: true,
  cards_on_homepage: false,
  clubs_limit: -1,
  staff_members_limit: -1,
  agent_keys_limit: 5,
  members_limit: -1,
};

const partnerExample = {
  id: sample.partnerId,
  name: 'Bean & Bloom',
  slug: 'bean-and-bloom',
  email: 'office@bean.example',
  phone: null,
  tier: 'enterprise',
  status: 'active',
  limited: false,
  network: null,
  currency: 'EUR',
  time_zone: 'Europe/Vilnius',
  locale: 'en_US',
  permissions: gatesExample,
  usage: { clubs: 4, cards: 4, rewards: 9, stamp_cards: 0, vouchers: 0, staff: 0, members: 1_204, agent_keys: 3 },
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'partners',
  role: 'admin',
  missing: { code: 'NOT_FOUND', resource: 'partner', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/admin/partners/{id}', params: z.object({ id: z.uuid() }) } as const;
const many = { ...shared, path: '/api/agent/v1/admin/partners' } as const;
const gates = { ...one, path: '/api/agent/v1/admin/partners/{id}/permissions' } as const;
const reads = { method: 'GET', scopes: ['read', 'write:partners'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:partners'], idempotent: true } as const;

export const listPartners = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.admin.partners.list',
  paged: true,
  summary: 'List partners.',
  query: z.strictObject({
    ...agentPage,
    search: text(1, 255).optional(),
    tier: z.enum(plans).optional(),
    status: z.enum(statuses).optional(),
    network_id: id.optional(),
  }),
  answer: z.array(partner),
  example: { answer: [partnerExample] },
});

export const createPartner = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.admin.partners.create',
  method: 'POST',
  success: 201,
  summary: 'Create a partner, with its owner if given.',
  secretFields: ['owner.password'],
  body: z.strictObject({
    ...fields,
    owner: z
      .strictObject({ name: text(1, 255), email, password })
      .nullable()
      .optional(),
    permissions: someGates.optional(),
  }),
  answer: partner.extend({
    owner: z.object({ id: z.uuid(), name: z.string(), email: z.string() }).nullable(),
  }),
  example: {
    body: { name: 'Bean & Bloom', email: 'office@bean.example', tier: 'enterprise' },
    answer: { ...partnerExample, owner: null },
  },
});

export const getPartner = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.admin.partners.get',
  summary: 'Get a partner.',
  answer: partner,
  example: { answer: partnerExample },
});

export const updatePartner = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.admin.partners.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a partner: plan, status, limits.',
  body: z.strictObject(fields).partial(),
  answer: partner,
  example: { body: { tier: 'enterprise' }, answer: partnerExample },
});

export const deletePartner = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.admin.partners.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a suspended partner; its ledger rows stay.',
  query: z.strictObject({ confirm: z.string().meta({ pattern: textPatterns.any }) }),
  answer: deleted,
  example: { query: { confirm: 'bean-and-bloom' }, answer: { id: sample.partnerId, deleted: true } },
});

export const getPermissions = defineEndpoint({
  ...gates,
  ...reads,
  id: 'agent.admin.permissions.get',
  summary: "Get a partner's feature flags and limits.",
  answer: partnerGates,
  example: { answer: gatesExample },
});

export const updatePermissions = defineEndpoint({
  ...gates,
  ...writes,
  id: 'agent.admin.permissions.update',
  method: 'PUT',
  success: 200,
  summary: "Change a partner's feature flags and limits, effective within a second.",
  body: someGates,
  answer: partnerGates,
  example: { body: { clubs_limit: 10 }, answer: { ...gatesExample, clubs_limit: 10 } },
});

export const listNetworks = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.admin.networks.list',
  path: '/api/agent/v1/admin/networks',
  paged: true,
  summary: 'List networks, which group partners, by name.',
  query: z.strictObject({ ...agentPage }),
  answer: z.array(z.object({ id: z.uuid(), name: z.string(), partners_count: z.int(), created_at: instant })),
  example: {
    answer: [{ id: sample.partnerId, name: 'Baltic bakeries', partners_count: 3, created_at: sample.at }],
  },
});

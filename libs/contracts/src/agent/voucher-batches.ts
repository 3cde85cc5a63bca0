import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, id, instant, queryBoolean, stamps, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { voucherTerms, voucherTypes } from './vouchers.ts';

const statuses = ['queued', 'running', 'completed', 'failed'] as const;

/** The template as every code of the batch was made from it, with its defaults. */
const template = z.object({
  club_id: z.uuid(),
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  type: z.enum(voucherTypes),
  value: z.number().nullable(),
  currency: z.string(),
  min_purchase_amount: z.int().nullable(),
  max_discount_amount: z.int().nullable(),
  free_product: z.string().nullable(),
  reward_card_id: z.uuid().nullable(),
  valid_from: instant.nullable(),
  valid_until: instant.nullable(),
  max_uses_total: z.int().nullable(),
  max_uses_per_member: z.int().nullable(),
  target_tiers: z.array(z.uuid()),
  new_members_days: z.int().nullable(),
  first_order_only: z.boolean(),
  is_active: z.boolean(),
  is_visible_by_default: z.boolean(),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});

const batch = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(statuses),
  count: z.int(),
  created_count: z.int(),
  redeemed_count: z.int(),
  prefix: z.string().nullable(),
  pattern: z.string(),
  template,
  /** `progress` 0 to 1. Null when the codes were made at once. */
  job: z
    .object({
      id: z.uuid(),
      status: z.enum(statuses),
      total: z.int(),
      processed: z.int(),
      progress: z.number().min(0).max(1),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    })
    .nullable(),
  ...stamps,
  completed_at: instant.nullable(),
});

const templateExample = {
  club_id: sample.clubId,
  name: 'Spring mailing',
  title: 'Spring mailing',
  description: null,
  type: 'fixed_amount',
  value: 500,
  currency: 'EUR',
  min_purchase_amount: null,
  max_discount_amount: null,
  free_product: null,
  reward_card_id: null,
  valid_from: null,
  valid_until: '2026-06-30T21:00:00.000Z',
  max_uses_total: 1,
  max_uses_per_member: 1,
  target_tiers: [],
  new_members_days: null,
  first_order_only: false,
  is_active: true,
  is_visible_by_default: true,
} as const;

const batchExample = {
  id: sample.batchId,
  name: 'Spring mailing',
  status: 'completed',
  count: 500,
  created_count: 500,
  redeemed_count: 0,
  prefix: 'SPRING-',
  pattern: '****-****',
  template: templateExample,
  job: null,
  created_at: sample.at,
  updated_at: sample.at,
  completed_at: sample.at,
} as const;

const shared = {
  dialect: 'agent',
  owner: 'vouchers',
  role: 'partner',
  feature: ['vouchers', 'voucher_batches'],
  missing: { code: 'NOT_FOUND', resource: 'voucher_batch', idName: 'id' },
} as const;
const path = '/api/agent/v1/partner/vouchers/batches';
const one = { ...shared, params: z.object({ id }) } as const;
const reads = { scopes: ['read', 'write:vouchers'], success: 200, idempotent: false } as const;

const ofCode = ({ max, characters, example }: { max: number; characters: RegExp; example: string }) =>
  z
    .string()
    .overwrite((value) => value.trim())
    .regex(characters, `must have 1 to ${max} characters, like ${example}`)
    .overwrite((value) => value.toUpperCase())
    .meta({ minLength: 1, maxLength: max })
    .nullable()
    .optional();

/** Up to 1,000 codes are there with the answer, 201; more are made after it, 202 with a job. */
export const createVoucherBatch = defineEndpoint({
  ...shared,
  id: 'agent.voucher_batches.create',
  method: 'POST',
  path,
  scopes: ['write:vouchers'],
  success: 201,
  also: [202],
  idempotent: true,
  summary: 'Create many unique codes from one template, all or none.',
  body: z.strictObject({
    name: text(1, 255),
    count: z.int().min(1).max(10_000),
    template: z.strictObject({ ...voucherTerms, name: text(1, 255).optional() }),
    prefix: ofCode({ max: 32, characters: /^[A-Za-z0-9_-]{1,32}$/, example: 'SPRING-' }),
    pattern: ofCode({ max: 64, characters: /^[A-Za-z0-9_#@*-]{1,64}$/, example: '****-****' }),
  }),
  answer: batch,
  example: {
    body: {
      name: 'Spring mailing',
      count: 500,
      prefix: 'SPRING-',
      pattern: '****-****',
      template: {
        club_id: sample.clubId,
        type: 'fixed_amount',
        value: 500,
        valid_until: '2026-06-30T21:00:00.000Z',
      },
    },
    answer: batchExample,
  },
});

export const getVoucherBatch = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.voucher_batches.get',
  method: 'GET',
  path: `${path}/{id}`,
  summary: 'Get a batch of vouchers, and how far its job is.',
  answer: batch,
  example: { answer: batchExample },
});

export const listVoucherBatchCodes = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.voucher_batches.codes',
  method: 'GET',
  path: `${path}/{id}/codes`,
  paged: true,
  alsoProduces: 'text/csv',
  summary: 'List the codes of a batch in the order made; with Accept: text/csv all of them as a file.',
  query: z.strictObject({ ...agentPage, used: queryBoolean.optional() }),
  answer: z.array(
    z.object({
      voucher_id: z.uuid(),
      code: z.string(),
      is_active: z.boolean(),
      times_used: z.int(),
      remaining_uses: z.int().nullable(),
      valid_until: instant.nullable(),
    }),
  ),
  example: {
    answer: [
      {
        voucher_id: sample.voucherId,
        code: 'SPRING-K7QM-3ZPA',
        is_active: true,
        times_used: 0,
        remaining_uses: 1,
        valid_until: '2026-06-30T21:00:00.000Z',
      },
    ],
  },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import {
  agentPage,
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

export const voucherTypes = ['percentage', 'fixed_amount', 'free_product', 'free_shipping', 'bonus_points'] as const;
export type VoucherType = (typeof voucherTypes)[number];

/** `value`: percent of two decimals, minor units or points, by the type. All money is in minor units. */
export const voucher = z.object({
  id: z.uuid(),
  club_id: z.uuid(),
  code: z.string(),
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
  times_used: z.int(),
  remaining_uses: z.int().nullable(),
  batch_id: z.uuid().nullable(),
  translations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  ...stamps,
});

/** As large as a purchase may be, in minor units. */
const largestMinor = 99_999_999_999;
const minor = z.int().min(1).max(largestMinor);
const uses = z.int().min(1).max(1_000_000_000).nullable().optional();

const code = z
  .string()
  .overwrite((value) => value.trim())
  .regex(/^[A-Za-z0-9_-]{3,64}$/, 'must have 3 to 64 of A-Z, 0-9, - and _')
  .overwrite((value) => value.toUpperCase())
  .meta({ minLength: 3, maxLength: 64 });

/** What every voucher has and a code of a batch has too. What `value` may be depends on the type; the service checks it. */
export const voucherTerms = {
  club_id: id,
  title: translatable(255).nullable().optional(),
  description: translatable(1_000).nullable().optional(),
  type: z.enum(voucherTypes),
  value: decimal({ above: 0, max: largestMinor, places: 2 }).nullable().optional(),
  currency: currency.nullable().optional(),
  min_purchase_amount: minor.nullable().optional(),
  max_discount_amount: minor.nullable().optional(),
  free_product: text(1, 255).nullable().optional(),
  reward_card_id: id.nullable().optional(),
  valid_from: dateTime.nullable().optional(),
  valid_until: dateTime.nullable().optional(),
  max_uses_total: uses,
  max_uses_per_member: uses,
  target_tiers: z.array(id).max(100).optional(),
  new_members_days: z.int().min(1).max(36_500).nullable().optional(),
  first_order_only: z.boolean().optional(),
  is_active: z.boolean().optional(),
  is_visible_by_default: z.boolean().optional(),
};

const fields = { ...voucherTerms, code: code.optional(), name: text(1, 255) };

export const voucherExample = {
  id: sample.voucherId,
  club_id: sample.clubId,
  code: 'SPRING10',
  name: 'Ten percent off in spring',
  title: 'Ten percent off in spring',
  description: null,
  type: 'percentage',
  value: 10,
  currency: 'EUR',
  min_purchase_amount: 2_000,
  max_discount_amount: 1_500,
  free_product: null,
  reward_card_id: null,
  valid_from: null,
  valid_until: '2026-06-30T21:00:00.000Z',
  max_uses_total: 500,
  max_uses_per_member: 1,
  target_tiers: [],
  new_members_days: null,
  first_order_only: false,
  is_active: true,
  is_visible_by_default: true,
  times_used: 0,
  remaining_uses: 500,
  batch_id: null,
  created_at: sample.at,
  updated_at: sample.at,
} as const;

/** What all endpoints of vouchers say. */
export const ofVouchers = {
  dialect: 'agent',
  owner: 'vouchers',
  role: 'partner',
  feature: 'vouchers',
  missing: { code: 'NOT_FOUND', resource: 'voucher', idName: 'id' },
} as const;
const one = { ...ofVouchers, path: '/api/agent/v1/partner/vouchers/{id}', params: z.object({ id }) } as const;
const many = { ...ofVouchers, path: '/api/agent/v1/partner/vouchers' } as const;
const reads = { scopes: ['read', 'write:vouchers'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:vouchers'], idempotent: true } as const;

export const listVouchers = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.vouchers.list',
  method: 'GET',
  paged: true,
  summary: 'List vouchers. Those of batches only with batch_id or code.',
  query: z.strictObject({
    ...agentPage,
    club_id: id.optional(),
    code: text(1, 64).optional(),
    type: z.enum(voucherTypes).optional(),
    is_active: queryBoolean.optional(),
    search: text(1, 255).optional(),
    batch_id: id.optional(),
  }),
  answer: z.array(voucher),
  example: { answer: [voucherExample] },
});

export const getVoucher = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.vouchers.get',
  method: 'GET',
  summary: 'Get a voucher.',
  answer: voucher,
  example: { answer: voucherExample },
});

export const createVoucher = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.vouchers.create',
  method: 'POST',
  success: 201,
  summary: 'Create a voucher: a code with an instant value. Money is in minor units.',
  body: z.strictObject(fields),
  answer: voucher,
  example: {
    body: {
      club_id: sample.clubId,
      code: 'SPRING10',
      name: 'Ten percent off in spring',
      type: 'percentage',
      value: 10,
      min_purchase_amount: 2_000,
      max_discount_amount: 1_500,
      valid_until: '2026-06-30T21:00:00.000Z',
      max_uses_total: 500,
    },
    answer: voucherExample,
  },
});

export const updateVoucher = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.vouchers.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a voucher. Its type is fixed after the first use.',
  body: z.strictObject(fields).partial(),
  answer: voucher,
  example: {
    body: { max_uses_total: 1_000 },
    answer: { ...voucherExample, max_uses_total: 1_000, remaining_uses: 1_000 },
  },
});

export const deleteVoucher = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.vouchers.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a voucher. Past redemptions stay, and its code is free again.',
  answer: deleted,
  example: { answer: { id: sample.voucherId, deleted: true } },
});

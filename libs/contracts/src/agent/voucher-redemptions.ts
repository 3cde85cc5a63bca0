import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { id, instant, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { matchedBy } from './transactions.ts';
import { ofVouchers, voucherTypes } from './vouchers.ts';

/** Why `redeem` would refuse. */
export const voucherRefusals = [
  'VOUCHER_INVALID',
  'VOUCHER_NOT_STARTED',
  'VOUCHER_EXPIRED',
  'VOUCHER_MINIMUM_NOT_MET',
  'VOUCHER_MEMBER_LIMIT',
  'VOUCHER_EXHAUSTED',
] as const;

const orderAmount = z.int().min(0).optional();

export const validateVoucher = defineEndpoint({
  ...ofVouchers,
  id: 'agent.vouchers.validate',
  method: 'POST',
  path: '/api/agent/v1/partner/vouchers/validate',
  scopes: ['write:vouchers'],
  success: 200,
  idempotent: false,
  summary: 'Check a voucher for a member without redeeming it. Amounts in minor units.',
  body: z.strictObject({
    code: text(1, 255),
    member_identifier: text(1, 255),
    club_id: id,
    order_amount: orderAmount,
  }),
  answer: z.object({
    valid: z.boolean(),
    reason: z.enum(voucherRefusals).nullable(),
    message: z.string().nullable(),
    voucher_id: z.uuid(),
    code: z.string(),
    name: z.string(),
    type: z.enum(voucherTypes),
    value: z.number().nullable(),
    currency: z.string(),
    discount_amount: z.int().nullable(),
    capped: z.boolean(),
    original_amount: z.int().nullable(),
    final_amount: z.int().nullable(),
    points: z.int(),
    times_used: z.int(),
    remaining_uses: z.int().nullable(),
    valid_until: instant.nullable(),
    matched_by: matchedBy,
  }),
  example: {
    body: {
      code: 'SPRING10',
      member_identifier: 'ann@example.com',
      club_id: sample.clubId,
      order_amount: 4_250,
    },
    answer: {
      valid: true,
      reason: null,
      message: null,
      voucher_id: sample.voucherId,
      code: 'SPRING10',
      name: 'Ten percent off in spring',
      type: 'percentage',
      value: 10,
      currency: 'EUR',
      discount_amount: 425,
      capped: false,
      original_amount: 4_250,
      final_amount: 3_825,
      points: 0,
      times_used: 0,
      remaining_uses: 500,
      valid_until: '2026-06-30T21:00:00.000Z',
      matched_by: 'email',
    },
  },
});

/** `points_status`: `booked` is on the card already, `queued` will be without another call; both exactly once. */
export const redeemVoucher = defineEndpoint({
  ...ofVouchers,
  id: 'agent.vouchers.redeem',
  method: 'POST',
  path: '/api/agent/v1/partner/vouchers/{id}/redeem',
  params: z.object({ id }),
  scopes: ['write:vouchers'],
  success: 200,
  idempotent: true,
  summary: 'Redeem a voucher for a member. Amounts in minor units.',
  body: z.strictObject({
    member_identifier: text(1, 255),
    order_amount: orderAmount,
    order_reference: text(1, 255).optional(),
    staff_id: id.nullable().optional(),
    note: text(0, 1_000).nullable().optional(),
  }),
  answer: z.object({
    voucher_id: z.uuid(),
    code: z.string(),
    type: z.enum(voucherTypes),
    member_id: z.uuid(),
    discount_amount: z.int(),
    capped: z.boolean(),
    points_awarded: z.int(),
    points_status: z.enum(['booked', 'queued']).nullable(),
    remaining_uses: z.int().nullable(),
    redemption_id: z.uuid(),
    matched_by: matchedBy,
    duplicate: z.boolean(),
  }),
  example: {
    body: { member_identifier: 'ann@example.com', order_amount: 4_250, order_reference: 'order-1001' },
    answer: {
      voucher_id: sample.voucherId,
      code: 'SPRING10',
      type: 'percentage',
      member_id: sample.memberId,
      discount_amount: 425,
      capped: false,
      points_awarded: 0,
      points_status: null,
      remaining_uses: 499,
      redemption_id: sample.redemptionId,
      matched_by: 'email',
      duplicate: false,
    },
  },
});

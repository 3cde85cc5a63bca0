import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { sample } from '../sample.ts';

const types = z.enum(['percentage', 'fixed_amount', 'free_product', 'free_shipping', 'bonus_points']);

/** Key = partner. `change` says what it does to the number of vouchers; those of a batch are announced by the batch. */
export const voucherChanged = defineEvent({
  type: 'vouchers.voucher_changed.v1',
  owner: 'vouchers',
  topic: 'vouchers',
  publicNames: ['voucher.created'],
  summary: 'A voucher was created, changed or deleted.',
  data: z.object({
    voucher_id: z.uuid(),
    club_id: z.uuid(),
    batch_id: z.uuid().nullable(),
    code: z.string(),
    type: types,
    is_active: z.boolean(),
    change: z.enum(['created', 'changed', 'deleted']),
    changed_at: z.iso.datetime(),
  }),
  example: {
    voucher_id: sample.voucherId,
    club_id: sample.clubId,
    batch_id: null,
    code: 'SPRING10',
    type: 'percentage',
    is_active: true,
    change: 'created',
    changed_at: sample.at,
  },
});

/** Key = partner. Told once, when all codes are there. */
export const voucherBatchCreated = defineEvent({
  type: 'vouchers.voucher_batch_created.v1',
  owner: 'vouchers',
  topic: 'vouchers',
  publicNames: ['voucher_batch.created'],
  summary: 'All codes of a batch of vouchers were made.',
  data: z.object({
    batch_id: z.uuid(),
    club_id: z.uuid(),
    name: z.string(),
    count: z.int(),
    created_at: z.iso.datetime(),
  }),
  example: {
    batch_id: sample.batchId,
    club_id: sample.clubId,
    name: 'Spring mailing',
    count: 500,
    created_at: sample.at,
  },
});

/**
 * Key = member. Amounts in minor units. With `points` the ledger credits them on `card_id`, once for a `redemption_id`.
 */
export const voucherRedeemed = defineEvent({
  type: 'vouchers.voucher_redeemed.v1',
  owner: 'vouchers',
  topic: 'vouchers',
  publicNames: ['voucher.redeemed', 'coupon.redeemed'],
  summary: 'A member redeemed a voucher.',
  data: z.object({
    redemption_id: z.uuid(),
    voucher_id: z.uuid(),
    batch_id: z.uuid().nullable(),
    club_id: z.uuid(),
    code: z.string(),
    type: types,
    member_id: z.uuid(),
    order_minor: z.int().nullable(),
    discount_minor: z.int(),
    currency: z.string(),
    order_reference: z.string().nullable(),
    card_id: z.uuid().nullable(),
    points: z.int(),
    staff_id: z.uuid().nullable(),
    redeemed_at: z.iso.datetime(),
  }),
  example: {
    redemption_id: sample.redemptionId,
    voucher_id: sample.voucherId,
    batch_id: null,
    club_id: sample.clubId,
    code: 'SPRING10',
    type: 'percentage',
    member_id: sample.memberId,
    order_minor: 4_250,
    discount_minor: 425,
    currency: 'EUR',
    order_reference: 'order-1001',
    card_id: null,
    points: 0,
    staff_id: null,
    redeemed_at: sample.at,
  },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, instant } from '../primitives.ts';
import { sample } from '../sample.ts';
import { voucherTypes } from './vouchers.ts';

export const listMyVouchers = defineEndpoint({
  id: 'agent.member.vouchers.list',
  method: 'GET',
  path: '/api/agent/v1/member/vouchers',
  dialect: 'agent',
  owner: 'vouchers',
  role: 'member',
  feature: 'vouchers',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  paged: true,
  summary: 'List the vouchers that you can redeem now.',
  query: z.strictObject(agentPage),
  answer: z.array(
    z.object({
      id: z.uuid(),
      code: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      type: z.enum(voucherTypes),
      value: z.number().nullable(),
      currency: z.string(),
      min_purchase_amount: z.int().nullable(),
      max_discount_amount: z.int().nullable(),
      free_product: z.string().nullable(),
      valid_until: instant.nullable(),
      uses_left: z.int().nullable(),
    }),
  ),
  example: {
    answer: [
      {
        id: sample.voucherId,
        code: 'SPRING10',
        title: 'Ten percent off in spring',
        description: null,
        type: 'percentage',
        value: 10,
        currency: 'EUR',
        min_purchase_amount: 2_000,
        max_discount_amount: 1_500,
        free_product: null,
        valid_until: '2026-06-30T21:00:00.000Z',
        uses_left: 1,
      },
    ],
  },
});

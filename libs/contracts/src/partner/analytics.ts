import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { day, instant, textPatterns } from '../primitives.ts';
import { sample } from '../sample.ts';

const ratio = z.number().nullable();

const figures = {
  total_customers: z.int(),
  active_loyalty_cards: z.int(),
  total_points_issued: z.int(),
  total_points_redeemed: z.int(),
  revenue_impact: z.object({
    total_attributed: z.number(),
    avg_order_increase: ratio,
    customer_retention_rate: ratio,
  }),
  top_performing_shops: z.array(
    z.object({
      shop_id: z.uuid(),
      shop_name: z.string(),
      revenue: z.number(),
      transactions: z.int(),
      active_customers: z.int(),
      revenue_per_customer: ratio,
    }),
  ),
};

const figuresExample = {
  total_customers: 1_204,
  active_loyalty_cards: 890,
  total_points_issued: 412_900,
  total_points_redeemed: 120_400,
  revenue_impact: { total_attributed: 18_220.5, avg_order_increase: 12.4, customer_retention_rate: 61.02 },
  top_performing_shops: [
    {
      shop_id: sample.clubId,
      shop_name: 'Old Town',
      revenue: 20_110.9,
      transactions: 1_922,
      active_customers: 411,
      revenue_per_customer: 48.93,
    },
  ],
};

/** Periods of the Partner API (9.1): one of dates, `period` and `date_range`; default the last 30 days. */
const period = {
  start_date: day.optional(),
  end_date: day.optional(),
  period: z.enum(['day', 'week', 'month', 'quarter', 'year']).optional(),
  date_range: z
    .string()
    .regex(/^([1-9]|[1-5]\d|60)[dwmy]$/, 'must be a number 1 to 60 and one of d, w, m, y, like 30d')
    .optional(),
};

export const overview = defineEndpoint({
  id: 'partner.analytics.overview',
  method: 'GET',
  path: '/api/partners/analytics/overview',
  dialect: 'partner',
  owner: 'analytics',
  role: 'any',
  permission: 'analytics:read',
  success: 200,
  idempotent: false,
  summary: 'What the programme earns: customers, points, revenue, best shops.',
  query: z
    .strictObject({ ...period, shops: z.string().max(40_000).meta({ pattern: textPatterns.any }).optional() })
    .refine(({ start_date: start, end_date: end }) => (start === undefined) === (end === undefined), {
      path: ['end_date'],
      error: 'start_date and end_date go together',
    })
    .refine(({ start_date: start, end_date: end }) => !start || !end || start <= end, {
      path: ['start_date'],
      error: 'must not be after end_date',
    })
    .refine((query) => [query.start_date, query.period, query.date_range].filter(Boolean).length <= 1, {
      path: ['period'],
      error: 'send only one of start_date with end_date, period, and date_range',
    }),
  answer: z.object({
    ...figures,
    period: z.object({ start: day, end: day }),
    previous: z.object(figures),
    other_currencies: z.array(z.object({ currency: z.string(), revenue: z.number() })),
    as_of: instant,
    lag_seconds: z.number(),
  }),
  example: {
    answer: {
      ...figuresExample,
      period: { start: '2026-02-07', end: '2026-03-08' },
      previous: figuresExample,
      other_currencies: [],
      as_of: sample.at,
      lag_seconds: 0.2,
    },
  },
});

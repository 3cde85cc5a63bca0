import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { plans } from '../plans.ts';
import { day, id, instant } from '../primitives.ts';
import { sample } from '../sample.ts';

const counts = z.object({ total: z.int(), active: z.int(), new: z.int() });

/** Days are UTC, both included; `points_…` are positive numbers, amounts major units. `total`s are as of now. */
export const platformOverview = defineEndpoint({
  id: 'agent.admin.analytics.overview',
  method: 'GET',
  path: '/api/agent/v1/admin/analytics/overview',
  dialect: 'agent',
  owner: 'analytics',
  role: 'admin',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  summary: 'What happens on the platform: partners, members, points and revenue in a range of days.',
  query: z
    .strictObject({ from: day.optional(), to: day.optional(), network_id: id.optional() })
    .refine(({ from, to }) => !from || !to || from <= to, { path: ['from'], error: 'must not be after to' }),
  answer: z.object({
    partners: counts,
    members: counts,
    transactions: z.int(),
    points_issued: z.int(),
    points_redeemed: z.int(),
    points_expired: z.int(),
    revenue: z.array(z.object({ currency: z.string(), amount: z.number() })),
    by_tier: z.array(z.object({ tier: z.enum(plans), partners: z.int(), transactions: z.int() })),
    as_of: instant,
    lag_seconds: z.number(),
  }),
  example: {
    query: { from: '2026-02-07', to: '2026-03-08' },
    answer: {
      partners: { total: 42, active: 39, new: 2 },
      members: { total: 51_204, active: 20_411, new: 1_302 },
      transactions: 61_022,
      points_issued: 4_129_000,
      points_redeemed: 1_204_000,
      points_expired: 88_200,
      revenue: [{ currency: 'EUR', amount: 1_120_344.5 }],
      by_tier: [
        { tier: 'standard', partners: 30, transactions: 20_110 },
        { tier: 'professional', partners: 9, transactions: 22_308 },
        { tier: 'enterprise', partners: 3, transactions: 18_604 },
      ],
      as_of: sample.at,
      lag_seconds: 0.2,
    },
  },
});

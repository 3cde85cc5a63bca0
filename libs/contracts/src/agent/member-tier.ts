import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { sample } from '../sample.ts';

const named = { id: z.uuid(), name: z.string(), display_name: z.string() };

/** `card_ids`: cards that the member sees or has used, for which the ladder counts. */
const ladder = z.object({
  scope: z.enum(['partner', 'club']),
  card_ids: z.array(z.uuid()),
  tier: z
    .object({
      ...named,
      level: z.int(),
      points_multiplier: z.number(),
      redemption_discount: z.number(),
      icon: z.string().nullable(),
      color: z.string().nullable(),
    })
    .nullable(),
  lifetime_points: z.int(),
  next_tier: z.object({ ...named, points_threshold: z.int() }).nullable(),
  points_to_next_tier: z.int().nullable(),
});

export const getMyTier = defineEndpoint({
  id: 'agent.member.tier.get',
  method: 'GET',
  path: '/api/agent/v1/member/tier',
  dialect: 'agent',
  owner: 'ledger',
  role: 'member',
  scopes: ['read'],
  feature: 'loyalty_cards',
  success: 200,
  idempotent: false,
  summary: 'Get your tiers, and what is missing for the next.',
  answer: z.object({ ladders: z.array(ladder) }),
  example: {
    answer: {
      ladders: [
        {
          scope: 'partner',
          card_ids: [sample.cardId],
          tier: {
            id: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c42',
            name: 'bronze',
            display_name: 'Bronze',
            level: 1,
            points_multiplier: 1,
            redemption_discount: 0,
            icon: null,
            color: null,
          },
          lifetime_points: 245,
          next_tier: { id: sample.tierId, name: 'gold', display_name: 'Gold', points_threshold: 5_000 },
          points_to_next_tier: 4_755,
        },
      ],
    },
  },
});

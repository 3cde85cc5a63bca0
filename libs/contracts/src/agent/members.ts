import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, dateTime, instant, stamps, text } from '../primitives.ts';
import { sample } from '../sample.ts';

export const member = z.object({
  id: z.uuid(),
  unique_identifier: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  locale: z.string(),
  currency: z.string().nullable(),
  time_zone: z.string(),
  last_login_at: instant.nullable(),
  avatar: z.string().nullable(),
  is_anonymous: z.boolean(),
  ...stamps,
});

export const memberExample = {
  id: sample.memberId,
  unique_identifier: '118-402-973-664',
  name: 'Ann Example',
  email: 'ann@example.com',
  locale: 'en_US',
  currency: null,
  time_zone: 'Europe/Vilnius',
  last_login_at: null,
  avatar: null,
  is_anonymous: false,
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  role: 'partner',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  missing: { code: 'MEMBER_NOT_FOUND', resource: 'member', idName: 'member_identifier' },
} as const;

export const listMembers = defineEndpoint({
  ...shared,
  id: 'agent.members.list',
  method: 'GET',
  path: '/api/agent/v1/partner/members',
  owner: 'members',
  paged: true,
  summary: 'List members.',
  query: z.strictObject({
    ...agentPage,
    search: text(1, 255).optional(),
    member_identifier: text(1, 255).optional(),
  }),
  answer: z.array(member),
  example: { answer: [memberExample] },
});

export const getMember = defineEndpoint({
  ...shared,
  id: 'agent.members.get',
  method: 'GET',
  path: '/api/agent/v1/partner/members/{id}',
  owner: 'members',
  summary: 'Get a member.',
  params: z.object({ id: z.uuid() }),
  answer: member,
  example: { answer: memberExample },
});

/** `balance` = active + held + pending. */
export const balanceAnswer = z.object({
  member_id: z.uuid(),
  card_id: z.uuid(),
  balance: z.int(),
  currency: z.string(),
  at: instant,
  breakdown: z.object({
    active: z.int(),
    pending: z.int(),
    held: z.int(),
    expiring_next: z.object({ points: z.int(), expires_at: instant }).nullable(),
    next_activation: z.object({ points: z.int(), activates_at: instant }).nullable(),
  }),
  lifetime_points: z.int(),
  tier: z.string().nullable(),
  points_to_next_tier: z.int().nullable(),
});

export const balanceExample = {
  member_id: sample.memberId,
  card_id: sample.cardId,
  balance: 245,
  currency: 'EUR',
  at: sample.at,
  breakdown: {
    active: 245,
    pending: 0,
    held: 0,
    expiring_next: { points: 245, expires_at: '2027-03-08T09:15:00.000Z' },
    next_activation: null,
  },
  lifetime_points: 245,
  tier: 'bronze',
  points_to_next_tier: 4_755,
};

/** A badly formed `cardId` is 404 of the card, which the ledger tells apart. */
export const memberBalance = defineEndpoint({
  ...shared,
  id: 'agent.members.balance',
  method: 'GET',
  path: '/api/agent/v1/partner/members/{id}/balance/{cardId}',
  owner: 'ledger',
  feature: 'loyalty_cards',
  summary: "Get a member's balance on a card, also at an instant.",
  params: z.object({ id: z.uuid(), cardId: z.string() }),
  query: z.strictObject({ at: dateTime.optional() }),
  answer: balanceAnswer,
  example: { answer: balanceExample },
});

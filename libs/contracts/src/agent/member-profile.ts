import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { instant, locale, text } from '../primitives.ts';
import { sample } from '../sample.ts';

/** `first_interaction_at` is that of the first ledger entry or stamp. */
const profile = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  locale: z.string(),
  unique_identifier: z.string(),
  avatar: z.string().nullable(),
  is_anonymous: z.boolean(),
  has_interacted: z.boolean(),
  first_interaction_at: instant.nullable(),
  created_at: instant,
});

const profileExample = {
  id: sample.memberId,
  name: 'Ann Example',
  email: 'ann@example.com',
  locale: 'en_US',
  unique_identifier: '118-402-973-664',
  avatar: null,
  is_anonymous: false,
  has_interacted: true,
  first_interaction_at: sample.at,
  created_at: sample.at,
};

const shared = {
  path: '/api/agent/v1/member/profile',
  dialect: 'agent',
  owner: 'members',
  role: 'member',
  success: 200,
  missing: { code: 'MEMBER_NOT_FOUND', resource: 'member', idName: 'member_identifier' },
} as const;

export const getProfile = defineEndpoint({
  ...shared,
  id: 'agent.member.profile.get',
  method: 'GET',
  scopes: ['read'],
  idempotent: false,
  summary: 'Get my profile.',
  answer: profile,
  example: { answer: profileExample },
});

export const updateProfile = defineEndpoint({
  ...shared,
  id: 'agent.member.profile.update',
  method: 'PUT',
  scopes: ['write:profile'],
  idempotent: true,
  summary: 'Change my name or language.',
  body: z.strictObject({ name: text(1, 255), locale }).partial(),
  answer: profile,
  example: { body: { name: 'Ann Example', locale: 'lt_LT' }, answer: { ...profileExample, locale: 'lt_LT' } },
});

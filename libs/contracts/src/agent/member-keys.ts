import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, dateTime, deleted, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { key, keyExample, newKey, rightsOf } from './keys.ts';

const example = {
  ...keyExample,
  name: 'Phone',
  prefix: 'rl_member_a8f3k2m1',
  role: 'member',
  preset: 'full_access',
  scopes: ['read', 'write:profile', 'write:redeem'],
  rate_limit: 120,
  expires_at: '2026-06-06T09:15:00.000Z',
};

const shared = {
  dialect: 'agent',
  owner: 'partners',
  role: 'member',
  missing: { code: 'NOT_FOUND', resource: 'agent_key', idName: 'id' },
} as const;
const many = { ...shared, path: '/api/agent/v1/member/keys' } as const;
const writes = { scopes: ['write:profile'], idempotent: true } as const;

export const listMyKeys = defineEndpoint({
  ...many,
  id: 'agent.member.keys.list',
  method: 'GET',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  paged: true,
  summary: 'List my keys; revoked ones for 90 days.',
  query: z.strictObject({ ...agentPage }),
  answer: z.array(key),
  example: { answer: [example] },
});

export const createMyKey = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.member.keys.create',
  method: 'POST',
  success: 201,
  summary: 'Create a key of mine, not wider than the calling one; its text is shown once.',
  body: z.strictObject({ name: text(1, 100), ...rightsOf('member'), expires_at: dateTime.optional() }),
  answer: newKey,
  example: {
    body: { name: 'Phone', preset: 'full_access' },
    answer: { ...example, key: 'rl_member_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu' },
  },
});

export const revokeMyKey = defineEndpoint({
  ...shared,
  ...writes,
  id: 'agent.member.keys.revoke',
  method: 'DELETE',
  path: '/api/agent/v1/member/keys/{id}',
  success: 200,
  summary: 'Revoke a key of mine at once, also the calling one.',
  params: z.object({ id: z.uuid() }),
  answer: deleted,
  example: { answer: { id: sample.keyId, deleted: true } },
});

import { z } from 'zod';
import { presetsByRole, scopesByRole, type KeyRole } from '../access.ts';
import { defineEndpoint } from '../endpoint.ts';
import { keyRateLimit } from '../plans.ts';
import { agentPage, dateTime, deleted, instant, text } from '../primitives.ts';
import { sample } from '../sample.ts';

export const keyStatuses = ['active', 'expiring', 'expired', 'revoked'] as const;

/** Key object of contract 1.6. */
export const key = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  role: z.enum(['partner', 'member', 'admin']),
  preset: z.string().nullable(),
  scopes: z.array(z.string()),
  rate_limit: z.int(),
  status: z.enum(keyStatuses),
  expires_at: instant.nullable(),
  last_used_at: instant.nullable(),
  revoked_at: instant.nullable(),
  created_at: instant,
});

/** `key` is shown once; the replay of the answer has null and `secret_shown_once`. */
export const newKey = key.extend({ key: z.string().nullable(), secret_shown_once: z.literal(true).optional() });

export const keyExample = {
  id: sample.keyId,
  name: 'Till 1',
  prefix: 'rl_agent_a8f3k2m1',
  role: 'partner',
  preset: 'point_of_sale',
  scopes: ['read', 'write:transactions', 'write:rewards'],
  rate_limit: 1_000,
  status: 'active',
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  created_at: sample.at,
};

const newKeyExample = { ...keyExample, key: 'rl_agent_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu' };

/** Which preset or scopes a role may have is checked by `partners`, which names the field; the schema tells it to readers. */
export const rightsOf = (...roles: KeyRole[]) => ({
  preset: text(1, 50)
    .meta({ enum: namesOf(roles.flatMap((role) => Object.keys(presetsByRole[role]))) })
    .optional(),
  scopes: z
    .array(text(1, 50).meta({ enum: namesOf(roles.flatMap((role): readonly string[] => scopesByRole[role])) }))
    .min(1)
    .max(10)
    .meta({ uniqueItems: true })
    .optional(),
});
const namesOf = (names: readonly string[]): string[] => [...new Set(names)];
const name = text(1, 100);
const rateLimit = z.int().min(1).max(keyRateLimit);
const expiresAt = dateTime.nullable();

const shared = {
  dialect: 'agent',
  owner: 'partners',
  role: 'admin',
  missing: { code: 'NOT_FOUND', resource: 'agent_key', idName: 'id' },
} as const;
const reads = { method: 'GET', scopes: ['read', 'write:keys'], success: 200, idempotent: false, paged: true } as const;
const makes = { method: 'POST', scopes: ['write:keys'], success: 201, idempotent: true } as const;
const byId = z.object({ id: z.uuid() });
const ofPartner = {
  ...shared,
  path: '/api/agent/v1/admin/partners/{id}/agent-keys',
  params: byId,
  missing: { code: 'NOT_FOUND', resource: 'partner', idName: 'id' },
} as const;

export const listAgentKeys = defineEndpoint({
  ...ofPartner,
  ...reads,
  id: 'agent.admin.agent_keys.list',
  summary: "List a partner's agent keys.",
  query: z.strictObject({ ...agentPage, status: z.enum(keyStatuses).optional() }),
  answer: z.array(key),
  example: { answer: [keyExample] },
});

export const createAgentKey = defineEndpoint({
  ...ofPartner,
  ...makes,
  id: 'agent.admin.agent_keys.create',
  summary: 'Create an agent key for a partner; its text is shown once.',
  body: z.strictObject({
    name,
    ...rightsOf('partner'),
    rate_limit: rateLimit.optional(),
    expires_at: expiresAt.optional(),
  }),
  answer: newKey,
  example: { body: { name: 'Till 1', preset: 'point_of_sale' }, answer: newKeyExample },
});

export const updateAgentKey = defineEndpoint({
  ...shared,
  id: 'agent.admin.agent_keys.update',
  method: 'PUT',
  path: '/api/agent/v1/admin/agent-keys/{id}',
  scopes: ['write:keys'],
  success: 200,
  idempotent: true,
  summary: 'Change a key of any role.',
  params: byId,
  body: z
    .strictObject({ name, ...rightsOf('partner', 'member', 'admin'), rate_limit: rateLimit, expires_at: expiresAt })
    .partial(),
  answer: key,
  example: { body: { name: 'Till 2' }, answer: { ...keyExample, name: 'Till 2' } },
});

export const rotateAgentKey = defineEndpoint({
  ...shared,
  ...makes,
  id: 'agent.admin.agent_keys.rotate',
  path: '/api/agent/v1/admin/agent-keys/{id}/rotate',
  summary: 'Replace a key by a new one; the old one works on for an overlap.',
  params: byId,
  body: z.strictObject({ overlap_seconds: z.int().min(0).max(604_800).optional() }),
  answer: newKey.extend({ replaces: z.object({ id: z.uuid(), prefix: z.string(), expires_at: instant }) }),
  example: {
    body: { overlap_seconds: 3_600 },
    answer: { ...newKeyExample, replaces: { id: sample.keyId, prefix: keyExample.prefix, expires_at: sample.at } },
  },
});

export const revokeAgentKey = defineEndpoint({
  ...shared,
  id: 'agent.admin.agent_keys.revoke',
  method: 'DELETE',
  path: '/api/agent/v1/admin/agent-keys/{id}',
  scopes: ['write:keys'],
  success: 200,
  idempotent: true,
  summary: 'Revoke a key of any role at once.',
  params: byId,
  answer: deleted,
  example: { answer: { id: sample.keyId, deleted: true } },
});

export const createMemberKey = defineEndpoint({
  ...shared,
  ...makes,
  id: 'agent.admin.member_keys.create',
  path: '/api/agent/v1/admin/members/{id}/agent-keys',
  summary: 'Create a key for a member who lost theirs.',
  params: byId,
  missing: { code: 'MEMBER_NOT_FOUND', resource: 'member', idName: 'member_identifier' },
  body: z.strictObject({
    name,
    ...rightsOf('member'),
    expires_at: dateTime.optional(),
    replace: z.boolean().optional(),
  }),
  answer: newKey,
  example: {
    body: { name: 'New phone', preset: 'full_access' },
    answer: {
      ...newKeyExample,
      name: 'New phone',
      role: 'member',
      preset: 'full_access',
      scopes: ['read', 'write:profile', 'write:redeem'],
    },
  },
});

export const listAdminKeys = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.admin.keys.list',
  path: '/api/agent/v1/admin/keys',
  summary: 'List admin keys.',
  query: z.strictObject({ ...agentPage }),
  answer: z.array(key),
  example: { answer: [{ ...keyExample, role: 'admin', preset: 'full', scopes: ['admin'] }] },
});

export const createAdminKey = defineEndpoint({
  ...shared,
  ...makes,
  id: 'agent.admin.keys.create',
  path: '/api/agent/v1/admin/keys',
  summary: 'Create an admin key, not wider than the calling one.',
  body: z.strictObject({
    name,
    ...rightsOf('admin'),
    rate_limit: rateLimit.optional(),
    expires_at: expiresAt.optional(),
  }),
  answer: newKey,
  example: {
    body: { name: 'Support desk', preset: 'view_only' },
    answer: { ...newKeyExample, role: 'admin', preset: 'view_only', scopes: ['read'] },
  },
});

import { z } from 'zod';
import { partnerPermissions } from '../access.ts';
import { callerPartner } from '../caller.ts';
import { defineEndpoint } from '../endpoint.ts';
import { plans } from '../plans.ts';
import { instant } from '../primitives.ts';
import { sample } from '../sample.ts';

const shared = { dialect: 'internal', owner: 'partners', role: 'system' } as const;

/** Hexadecimal HMAC-SHA-256 of a whole key or secret with the server's pepper. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** All that a gateway must know of a key to decide on a call, with the partner behind it as it is now. */
export const keyRecord = z.object({
  key_id: z.uuid(),
  kind: z.enum(['agent_key', 'api_key']),
  role: z.enum(['partner', 'member', 'admin']),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  permissions: z.array(z.string()),
  /** null = all shops. */
  shop_ids: z.array(z.uuid()).nullable(),
  /** Addresses or CIDR ranges; empty = any. */
  allowed_ips: z.array(z.string()),
  rate_limit: z.int(),
  /** Secrets of a key pair that are good now: the current one, and the previous one until its end. */
  secrets: z.array(z.object({ hash, expires_at: instant.nullable() })),
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  last_used_at: instant.nullable(),
  created_at: instant,
  member_id: z.uuid().nullable(),
  owner: z.object({ id: z.uuid(), name: z.string().nullable(), type: z.enum(['partner', 'member', 'admin']) }),
  /** null for admin keys. */
  partner: callerPartner
    .extend({ status: z.enum(['active', 'pending', 'suspended']), limited: z.boolean(), is_deleted: z.boolean() })
    .nullable(),
});
export type KeyRecord = z.output<typeof keyRecord>;

/** 404 NOT_FOUND when there is none. A key pair is found by the hash of its public half. */
export const findKey = defineEndpoint({
  ...shared,
  id: 'internal.keys.find',
  method: 'POST',
  path: '/internal/keys/find',
  success: 200,
  idempotent: false,
  summary: 'Find a key by the hash of its text.',
  body: z.strictObject({ kind: z.enum(['agent_key', 'api_key']), hash }),
  answer: keyRecord,
  example: {
    body: { kind: 'agent_key', hash: 'ab'.repeat(32) },
    answer: {
      key_id: sample.keyId,
      kind: 'agent_key',
      role: 'partner',
      name: 'Till 1',
      prefix: 'rl_agent_a8f3k2m1',
      scopes: ['read'],
      permissions: [],
      shop_ids: null,
      allowed_ips: [],
      rate_limit: 1_000,
      secrets: [],
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
      created_at: sample.at,
      member_id: null,
      owner: { id: sample.partnerId, name: 'Bean & Bloom', type: 'partner' },
      partner: {
        id: sample.partnerId,
        name: 'Bean & Bloom',
        slug: 'bean-and-bloom',
        plan: plans[2],
        currency: 'EUR',
        time_zone: 'Europe/Vilnius',
        locale: 'en_US',
        gates: {},
        status: 'active',
        limited: false,
        is_deleted: false,
      },
    },
  },
});

/**
 * Repeatable by `key_id`: what `members` calls at join. `replaces` end in the same transaction, also those that come only later.
 * NOT_FOUND {partner} unless the partner is active: who keeps partners decides whether one can be joined.
 */
export const ensureMemberKey = defineEndpoint({
  ...shared,
  id: 'internal.keys.ensure',
  method: 'POST',
  path: '/internal/keys/ensure',
  success: 200,
  idempotent: false,
  summary: 'Make sure that a member key exists.',
  body: z.strictObject({
    key_id: z.uuid(),
    partner_id: z.uuid(),
    member_id: z.uuid(),
    name: z.string(),
    prefix: z.string(),
    hash,
    scopes: z.array(z.string()),
    expires_at: instant,
    created_at: instant,
    replaces: z.array(z.uuid()).max(1_000),
  }),
  answer: z.object({ key_id: z.uuid() }),
  example: {
    body: {
      key_id: sample.keyId,
      partner_id: sample.partnerId,
      member_id: sample.memberId,
      name: 'Registration',
      prefix: 'rl_member_a8f3k2m1',
      hash: 'ab'.repeat(32),
      scopes: ['read', 'write:profile', 'write:redeem'],
      expires_at: sample.at,
      created_at: sample.at,
      replaces: [],
    },
    answer: { key_id: sample.keyId },
  },
});

/** When keys were last used, to the minute; a gateway sends what it saw in a while. */
export const recordKeyUse = defineEndpoint({
  ...shared,
  id: 'internal.keys.record_use',
  method: 'POST',
  path: '/internal/keys/used',
  success: 200,
  idempotent: false,
  summary: 'Record when keys were last used.',
  body: z.strictObject({ used: z.array(z.strictObject({ key_id: z.uuid(), at: instant })).max(10_000) }),
  answer: z.object({ recorded: z.int() }),
  example: { body: { used: [{ key_id: sample.keyId, at: sample.at }] }, answer: { recorded: 1 } },
});

/** For operators: an admin key without another admin key. Its text is in this answer only. */
export const bootstrapAdminKey = defineEndpoint({
  ...shared,
  id: 'internal.keys.bootstrap',
  method: 'POST',
  path: '/internal/keys/bootstrap',
  success: 201,
  idempotent: false,
  summary: 'Make an admin key for an operator.',
  body: z.strictObject({ name: z.string().min(1).max(100) }),
  answer: z.object({ key_id: z.uuid(), key: z.string() }),
  example: {
    body: { name: 'First admin' },
    answer: { key_id: sample.keyId, key: 'rl_admin_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu' },
  },
});

/** For operators and sample data: a Partner API key pair without a login. */
export const createApiKeyPair = defineEndpoint({
  ...shared,
  id: 'internal.api_keys.create',
  method: 'POST',
  path: '/internal/api-keys',
  success: 201,
  idempotent: false,
  summary: 'Make a Partner API key pair for an operator.',
  body: z.strictObject({
    partner_id: z.uuid(),
    name: z.string().min(1).max(100),
    /** Default all. */
    permissions: z.array(z.enum(partnerPermissions)).min(1).optional(),
  }),
  answer: z.object({ key_id: z.uuid(), api_key: z.string(), api_secret: z.string() }),
  example: {
    body: { partner_id: sample.partnerId, name: 'Reporting' },
    answer: {
      key_id: sample.keyId,
      api_key: 'rl_partner_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu',
      api_secret: 'rl_secret_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu',
    },
  },
});

import {
  PLATFORM_ID,
  notFound,
  type Answer,
  type Handlers,
  type findKey,
  type recordKeyUse,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { recordUse } from '../keys/platform-store.ts';
import { findAgentKey, findApiKey, type AgentKeyRow, type ApiKeyRow } from './platform-views.ts';

type KeyRecord = Answer<typeof findKey>;

/** What gateways ask and tell about keys. */
export const gatewayRecordHandlers = ({ sql }: { sql: Sql }): Handlers<typeof findKey | typeof recordKeyUse> => ({
  'internal.keys.find': async ({ body: { kind, hash } }) => {
    if (kind === 'agent_key') {
      const key = await findAgentKey(sql, hash);
      if (key) return agentKeyRecord(key);
    } else {
      const key = await findApiKey(sql, hash);
      if (key) return apiKeyRecord(key);
    }
    throw notFound('key', null);
  },

  'internal.keys.record_use': async ({ body }) => ({
    recorded: await recordUse(
      sql,
      body.used.map(({ key_id: keyId, at }) => ({ keyId, at: new Date(at) })),
    ),
  }),
});

const agentKeyRecord = (key: AgentKeyRow): KeyRecord => ({
  ...common(key),
  kind: 'agent_key',
  role: key.role,
  scopes: key.scopes,
  permissions: [],
  shop_ids: null,
  allowed_ips: [],
  secrets: [],
  member_id: key.memberId,
  owner:
    key.role === 'member' && key.memberId
      ? { id: key.memberId, name: null, type: 'member' }
      : key.role === 'admin'
        ? { id: PLATFORM_ID, name: 'Punchcard', type: 'admin' }
        : { id: key.partnerId, name: key.partnerName, type: 'partner' },
});

const apiKeyRecord = (key: ApiKeyRow): KeyRecord => ({
  ...common(key),
  kind: 'api_key',
  role: 'partner',
  scopes: [],
  permissions: key.permissions,
  shop_ids: key.shopIds,
  allowed_ips: key.allowedIps,
  secrets: [
    { hash: key.secretHash, expires_at: null },
    ...(key.previousSecretHash && key.previousSecretExpiresAt
      ? [{ hash: key.previousSecretHash, expires_at: key.previousSecretExpiresAt.toISOString() }]
      : []),
  ],
  member_id: null,
  owner: { id: key.partnerId, name: key.partnerName, type: 'partner' },
});

const common = (key: AgentKeyRow | ApiKeyRow) => ({
  key_id: key.keyId,
  name: key.name,
  prefix: key.prefix,
  rate_limit: key.rateLimit,
  expires_at: key.expiresAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  created_at: key.createdAt.toISOString(),
  partner:
    key.partnerName === null
      ? null
      : {
          id: key.partnerId,
          name: key.partnerName,
          slug: key.slug,
          plan: key.tier,
          currency: key.currency,
          time_zone: key.timeZone,
          locale: key.locale,
          gates: key.gates,
          status: key.status,
          limited: key.limited,
          is_deleted: key.isDeleted,
        },
});

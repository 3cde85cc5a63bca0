import { presetOf, type Answer, type updateAgentKey } from '@punchcard/contracts';
import { statusOf } from './rules.ts';
import type { AgentKey } from './store.ts';

/** The key object of contract 1.6. */
export const keyData = (key: AgentKey, now: Date): Answer<typeof updateAgentKey> => ({
  id: key.keyId,
  name: key.name,
  prefix: key.prefix,
  role: key.role,
  preset: presetOf(key.role, key.scopes),
  scopes: key.scopes,
  rate_limit: key.rateLimit,
  status: statusOf(key, now),
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  created_at: key.createdAt.toISOString(),
});

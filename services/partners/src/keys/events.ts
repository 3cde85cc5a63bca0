import { keyChanged, type EventDraft } from '@punchcard/contracts';
import type { AgentKey } from './store.ts';

/** Gateways forget what they knew of the key. */
export const announceKey = (key: AgentKey): EventDraft => ({
  event: keyChanged,
  key: key.partnerId,
  data: {
    key_id: key.keyId,
    kind: 'agent_key',
    role: key.role,
    member_id: key.memberId,
    status: key.revokedAt ? 'revoked' : key.rotatedTo ? 'expiring' : 'active',
    expires_at: key.expiresAt?.toISOString() ?? null,
  },
});

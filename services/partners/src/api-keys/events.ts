import { keyChanged, type EventDraft } from '@punchcard/contracts';
import type { ApiKeyPair } from './store.ts';

/** Gateways forget what they knew of the pair. */
export const announcePair = (pair: ApiKeyPair): EventDraft => ({
  event: keyChanged,
  key: pair.partnerId,
  data: {
    key_id: pair.keyId,
    kind: 'api_key',
    role: 'partner',
    member_id: null,
    status: 'active',
    expires_at: pair.expiresAt?.toISOString() ?? null,
  },
});

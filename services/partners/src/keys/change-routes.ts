import {
  reply,
  type Handlers,
  type revokeAgentKey,
  type rotateAgentKey,
  type updateAgentKey,
} from '@punchcard/contracts';
import type { Writer } from '@punchcard/messaging';
import { revokeKey, rotateKey, updateKey } from './change-key.ts';
import { announceKey } from './events.ts';
import { keyData } from './key-data.ts';

interface Deps {
  writer: Writer;
  keyPepper: string;
}

type Endpoints = typeof updateAgentKey | typeof rotateAgentKey | typeof revokeAgentKey;

export const keyChangeHandlers = ({ writer, keyPepper: pepper }: Deps): Handlers<Endpoints> => ({
  'agent.admin.agent_keys.update': async ({ params, body, caller, now, idempotency }) => {
    const { rate_limit: rateLimit, expires_at: expiresAt, ...rest } = body;
    const change = { ...rest, rateLimit, expiresAt };
    const written = await writer.write(idempotency, async (tx) => {
      const { key, changed } = await updateKey(tx, { keyId: params.id, change, ownScopes: caller.scopes, now });
      const events = changed ? [announceKey(key)] : [];
      return { data: keyData(key, now), partnerId: key.partnerId, events };
    });
    return reply(written.data, written);
  },

  'agent.admin.agent_keys.rotate': async ({ params, body, caller, now, idempotency }) => {
    const { overlap_seconds: overlapSeconds = 86_400 } = body;
    const written = await writer.write(idempotency, async (tx) => {
      const { key, text, replaced } = await rotateKey(tx, {
        ...{ keyId: params.id, ownScopes: caller.scopes },
        ...{ overlapSeconds, pepper, now },
      });
      const end = replaced.expiresAt ?? now;
      const replaces = { id: replaced.keyId, prefix: replaced.prefix, expires_at: end.toISOString() };
      return {
        data: { ...keyData(key, now), key: text, replaces },
        status: 201,
        partnerId: key.partnerId,
        events: [announceKey(key), announceKey(replaced)],
        secrets: ['key'],
      };
    });
    return reply(written.data, written);
  },

  'agent.admin.agent_keys.revoke': async ({ params, now, idempotency }) => {
    const written = await writer.write(idempotency, async (tx) => {
      const key = await revokeKey(tx, { keyId: params.id, now });
      const data = { id: key.keyId, deleted: true as const };
      return { data, partnerId: key.partnerId, events: [announceKey(key)] };
    });
    return reply(written.data, written);
  },
});

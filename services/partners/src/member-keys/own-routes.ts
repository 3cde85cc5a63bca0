import {
  memberIdOf,
  notFound,
  partnerOf,
  reply,
  type Handlers,
  type createMyKey,
  type listMyKeys,
  type revokeMyKey,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { createMemberKey } from '../keys/create-key.ts';
import { announceKey } from '../keys/events.ts';
import { keyData } from '../keys/key-data.ts';
import { listPage } from '../keys/list-page.ts';
import { revokeMemberKey } from '../keys/store.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  keyPepper: string;
}

type Endpoints = typeof listMyKeys | typeof createMyKey | typeof revokeMyKey;

/** What members do with their own keys. */
export const ownKeyHandlers = ({ sql, writer, keyPepper: pepper }: Deps): Handlers<Endpoints> => ({
  'agent.member.keys.list': async ({ query, caller, now }) => {
    const wanted = { partnerId: partnerOf(caller).id, memberId: memberIdOf(caller), role: 'member' as const, now };
    return listPage(sql, wanted, query);
  },

  'agent.member.keys.create': async ({ body, caller, now, idempotency }) => {
    const { name, preset, scopes, expires_at: expiresAt } = body;
    const [partnerId, memberId] = [partnerOf(caller).id, memberIdOf(caller)];
    const written = await writer.write(idempotency, async (tx) => {
      const order = { partnerId, memberId, name, preset, scopes, expiresAt, replace: false, now };
      const { key, text } = await createMemberKey(tx, { pepper, order, ownScopes: caller.scopes });
      return {
        data: { ...keyData(key, now), key: text },
        status: 201,
        partnerId,
        events: [announceKey(key)],
        secrets: ['key'],
      };
    });
    return reply(written.data, written);
  },

  'agent.member.keys.revoke': async ({ params, caller, now, idempotency }) => {
    const [partnerId, memberId] = [partnerOf(caller).id, memberIdOf(caller)];
    const written = await writer.write(idempotency, async (tx) => {
      const key = await revokeMemberKey(tx, { partnerId, memberId, keyId: params.id, now });
      if (!key) throw notFound('agent_key', params.id);
      return { data: { id: key.keyId, deleted: true as const }, partnerId, events: [announceKey(key)] };
    });
    return reply(written.data, written);
  },
});

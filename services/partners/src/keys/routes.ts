import {
  PLATFORM_ID,
  keyRateLimit,
  reply,
  type Handlers,
  type createAdminKey,
  type createAgentKey,
  type listAdminKeys,
  type listAgentKeys,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { createAdminKey as makeAdminKey, createPartnerKey, mustExist } from './create-key.ts';
import { announceKey } from './events.ts';
import { keyData } from './key-data.ts';
import { listPage } from './list-page.ts';

type Endpoints = typeof listAgentKeys | typeof createAgentKey | typeof listAdminKeys | typeof createAdminKey;

interface Deps {
  sql: Sql;
  writer: Writer;
  keyPepper: string;
}

export const keyHandlers = ({ sql, writer, keyPepper: pepper }: Deps): Handlers<Endpoints> => ({
  'agent.admin.agent_keys.list': async ({ params, query, now }) => {
    await mustExist(sql, params.id);
    return listPage(sql, { partnerId: params.id, role: 'partner', status: query.status, now }, query);
  },

  'agent.admin.keys.list': async ({ query, now }) =>
    listPage(sql, { partnerId: PLATFORM_ID, role: 'admin', now }, query),

  'agent.admin.agent_keys.create': async ({ params, body, now, idempotency }) => {
    const { name, preset, scopes, rate_limit: rateLimit = keyRateLimit, expires_at: expiresAt = null } = body;
    const written = await writer.write(idempotency, async (tx) => {
      const order = { partnerId: params.id, name, preset, scopes, rateLimit, expiresAt, now };
      const { key, text } = await createPartnerKey(tx, { pepper, order });
      return {
        data: { ...keyData(key, now), key: text },
        status: 201,
        partnerId: params.id,
        events: [announceKey(key)],
        secrets: ['key'],
      };
    });
    return reply(written.data, written);
  },

  'agent.admin.keys.create': async ({ body, caller, now, idempotency }) => {
    const { name, preset, scopes, rate_limit: rateLimit = keyRateLimit, expires_at: expiresAt = null } = body;
    const written = await writer.write(idempotency, async (tx) => {
      const order = { partnerId: PLATFORM_ID, name, preset, scopes, rateLimit, expiresAt, now };
      const { key, text } = await makeAdminKey(tx, { pepper, order, ownScopes: caller.scopes });
      return {
        data: { ...keyData(key, now), key: text },
        status: 201,
        partnerId: PLATFORM_ID,
        events: [announceKey(key)],
        secrets: ['key'],
      };
    });
    return reply(written.data, written);
  },
});

import {
  newId,
  PLATFORM_ID,
  keyRateLimit,
  notFound,
  partnerPermissions,
  reply,
  type Handlers,
  type bootstrapAdminKey,
  type createApiKeyPair,
} from '@punchcard/contracts';
import type { Writer } from '@punchcard/messaging';
import { keyHash, newKey, shownPrefixOf } from '@punchcard/service-kit';
import { announcePair } from '../api-keys/events.ts';
import { insertPair, type ApiKeyPair } from '../api-keys/store.ts';
import { createAdminKey } from '../keys/create-key.ts';
import { announceKey } from '../keys/events.ts';
import { lockPartner } from '../partners/store.ts';

interface Deps {
  writer: Writer;
  keyPepper: string;
}

/** What only an operator's command line and the sample data may ask. */
export const operatorHandlers = ({
  writer,
  keyPepper: pepper,
}: Deps): Handlers<typeof bootstrapAdminKey | typeof createApiKeyPair> => ({
  'internal.keys.bootstrap': async ({ body: { name }, now }) => {
    const written = await writer.write(null, async (tx) => {
      const rights = { preset: 'full', scopes: undefined, rateLimit: keyRateLimit, expiresAt: null };
      const order = { partnerId: PLATFORM_ID, name, ...rights, now };
      const { key, text } = await createAdminKey(tx, { pepper, order, ownScopes: null });
      return { data: { key_id: key.keyId, key: text }, partnerId: PLATFORM_ID, events: [announceKey(key)] };
    });
    return reply(written.data, written);
  },

  'internal.api_keys.create': async ({ body, now }) => {
    const { partner_id: partnerId, name, permissions = [...partnerPermissions] } = body;
    const [apiKey, apiSecret] = [newKey('api_key'), newKey('api_secret')];
    const pair: ApiKeyPair = {
      ...{ partnerId, keyId: newId(), name, prefix: shownPrefixOf(apiKey) },
      ...{ keyHash: keyHash(pepper, apiKey), secretHash: keyHash(pepper, apiSecret) },
      ...{ permissions, shopIds: null, allowedIps: [], rateLimit: keyRateLimit, expiresAt: null, createdAt: now },
    };
    const written = await writer.write(null, async (tx) => {
      if (!(await lockPartner(tx, partnerId))) throw notFound('partner', partnerId, 'partner_id');
      await insertPair(tx, pair);
      const data = { key_id: pair.keyId, api_key: apiKey, api_secret: apiSecret };
      return { data, partnerId, events: [announcePair(pair)] };
    });
    return reply(written.data, written);
  },
});

import { notFound, type Call, type ensureMemberKey } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { memberRateLimit } from '../keys/mint-key.ts';
import { ensureKey, revokeKeysOf, type AgentKey } from '../keys/store.ts';
import { holdActivePartner } from '../partners/store.ts';
import { isEnded, noteEnded } from './store.ts';

/**
 * Makes the key of a join unless it is there, and ends the one it replaces. Here is decided whether the partner may be joined:
 * the copy that `members` has may be older than a suspension.
 * @returns the keys that changed
 * @throws AppError NOT_FOUND {partner} unless the partner is active
 */
export async function ensureKeyOf(tx: Tx, body: Call<typeof ensureMemberKey>['body']): Promise<AgentKey[]> {
  if (!(await holdActivePartner(tx, body.partner_id))) throw notFound('partner', body.partner_id);
  const createdAt = new Date(body.created_at);
  const key: AgentKey = {
    partnerId: body.partner_id,
    keyId: body.key_id,
    role: 'member',
    memberId: body.member_id,
    name: body.name,
    prefix: body.prefix,
    hash: body.hash,
    scopes: body.scopes,
    rateLimit: memberRateLimit,
    expiresAt: new Date(body.expires_at),
    revokedAt: (await isEnded(tx, body.partner_id, body.key_id)) ? createdAt : null,
    rotatedTo: null,
    lastUsedAt: null,
    createdAt,
  };
  const isNew = await ensureKey(tx, key);
  const ended = { partnerId: body.partner_id, keyIds: body.replaces, now: createdAt };
  await noteEnded(tx, ended);
  const replaced = await revokeKeysOf(tx, ended);
  return isNew ? [key, ...replaced] : replaced;
}

import type { KeyRole } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import type { KeyLife } from './rules.ts';

export interface AgentKey extends KeyLife {
  partnerId: string;
  keyId: string;
  role: KeyRole;
  memberId: string | null;
  name: string;
  prefix: string;
  hash: string;
  scopes: string[];
  rateLimit: number;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** Keys of a partner (or of one of its members) that count against its limit: a rotated pair is one, as long as both work. */
export async function countKeys(
  tx: Tx,
  { partnerId, role, memberId = null, now }: { partnerId: string; role: KeyRole; memberId?: string | null; now: Date },
): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from agent_keys k
    where k.partner_id = ${partnerId}
      and k.role = ${role}
      ${memberId === null ? tx`` : tx`and k.member_id = ${memberId}`}
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > ${now})
      and not exists (
        select 1
        from agent_keys n
        where n.partner_id = ${partnerId} and n.role = ${role} and n.key_id = k.rotated_to and n.revoked_at is null
          and (n.expires_at is null or n.expires_at > ${now})
      )
  `;
  return counted?.count ?? 0;
}

/** Throws 23505 on a hash that exists, which is a bug of the random source. */
export async function insertKey(tx: Tx, key: AgentKey): Promise<void> {
  await tx`insert into agent_keys ${tx({ ...key })}`;
}

/** Inserts a key that is named by its id. @returns whether it was new */
export async function ensureKey(tx: Tx, key: AgentKey): Promise<boolean> {
  const inserted = await tx`
    insert into agent_keys ${tx({ ...key })}
    on conflict (partner_id, key_id) do nothing
    returning 1
  `;
  return inserted.length === 1;
}

export async function saveKey(tx: Tx, key: AgentKey): Promise<void> {
  const { name, scopes, rateLimit, expiresAt, revokedAt, rotatedTo } = key;
  await tx`
    update agent_keys
    set ${tx({ name, scopes, rateLimit, expiresAt, revokedAt, rotatedTo })}
    where partner_id = ${key.partnerId} and key_id = ${key.keyId}
  `;
}

/** Ends a partner's keys and its members'. The gateways hear of it by the partner's event. */
export async function revokeAllKeys(tx: Tx, partnerId: string, now: Date): Promise<void> {
  await tx`
    update agent_keys
    set revoked_at = ${now}
    where partner_id = ${partnerId} and revoked_at is null
  `;
}

/** Ends all keys of a member, but one if it is named. */
export async function revokeMemberKeys(
  tx: Tx,
  { partnerId, memberId, except, now }: { partnerId: string; memberId: string; except: string | null; now: Date },
): Promise<AgentKey[]> {
  return tx<AgentKey[]>`
    update agent_keys
    set revoked_at = ${now}
    where partner_id = ${partnerId} and member_id = ${memberId} and revoked_at is null
      and (${except}::uuid is null or key_id <> ${except})
    returning partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, expires_at, revoked_at, rotated_to,
      last_used_at, created_at
  `;
}

/** Ends one key of a member; undefined when it has none such, or when that has ended already. */
export async function revokeMemberKey(
  tx: Tx,
  { partnerId, memberId, keyId, now }: { partnerId: string; memberId: string; keyId: string; now: Date },
): Promise<AgentKey | undefined> {
  const [key] = await tx<AgentKey[]>`
    update agent_keys
    set revoked_at = ${now}
    where partner_id = ${partnerId} and key_id = ${keyId} and member_id = ${memberId} and revoked_at is null
    returning partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, expires_at, revoked_at, rotated_to,
      last_used_at, created_at
  `;
  return key;
}

/** Ends some keys of a partner, as far as they are there and have not ended. */
export async function revokeKeysOf(
  tx: Tx,
  { partnerId, keyIds, now }: { partnerId: string; keyIds: readonly string[]; now: Date },
): Promise<AgentKey[]> {
  return tx<AgentKey[]>`
    update agent_keys
    set revoked_at = ${now}
    where partner_id = ${partnerId} and key_id = any(${keyIds as string[]}::uuid[]) and revoked_at is null
    returning partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, expires_at, revoked_at, rotated_to,
      last_used_at, created_at
  `;
}

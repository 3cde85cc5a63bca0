import { PLATFORM_ID } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import type { AgentKey } from './store.ts';

/** Across partners: a key by its id, for the admin role. Locked, since a change or rotation follows. */
export async function lockKey(tx: Tx, keyId: string): Promise<AgentKey | undefined> {
  const [key] = await tx<AgentKey[]>`
    select partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, expires_at, revoked_at, rotated_to,
      last_used_at, created_at
    from agent_keys
    where key_id = ${keyId}
    for update
  `;
  return key;
}

/** One revocation at a time, so that two admin keys cannot revoke each other. */
export async function queueForAdminKeys(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtext('admin keys'))`;
}

/** Whether another admin key could still make and revoke keys. */
export async function hasOtherManager(tx: Tx, keyId: string, now: Date): Promise<boolean> {
  const others = await tx`
    select 1
    from agent_keys
    where partner_id = ${PLATFORM_ID}
      and role = 'admin'
      and key_id <> ${keyId}
      and scopes && array['admin', 'write:keys']
      and revoked_at is null
      and rotated_to is null
      and (expires_at is null or expires_at > ${now})
    limit 1
  `;
  return others.length > 0;
}

/**
 * Marks when keys were last used; an older instant changes nothing. Key ids of both kinds. Locks in one order: gateways tell of the
 * same keys at once.
 */
export async function recordUse(sql: Sql, used: readonly { keyId: string; at: Date }[]): Promise<number> {
  const ids = used.map(({ keyId }) => keyId);
  const instants = used.map(({ at }) => at.toISOString());
  const later = sql`
    select key_id, max(at) as at
    from unnest(${ids}::uuid[], ${instants}::timestamptz[]) as u (key_id, at)
    group by key_id
  `;
  const agentKeys = await sql`
    with due as (
      select k.partner_id, k.key_id, u.at
      from (${later}) u
      join agent_keys k using (key_id)
      where k.last_used_at is null or k.last_used_at < u.at
      order by k.partner_id, k.key_id
      for update of k
    )
    update agent_keys k
    set last_used_at = due.at
    from due
    where k.partner_id = due.partner_id and k.key_id = due.key_id
  `;
  const pairs = await sql`
    with due as (
      select k.partner_id, k.key_id, u.at
      from (${later}) u
      join api_keys k using (key_id)
      where k.last_used_at is null or k.last_used_at < u.at
      order by k.partner_id, k.key_id
      for update of k
    )
    update api_keys k
    set last_used_at = due.at
    from due
    where k.partner_id = due.partner_id and k.key_id = due.key_id
  `;
  return agentKeys.count + pairs.count;
}

import type { Tx } from '@punchcard/database';

/** Notes keys that end although they may not be here yet: two requests of one registration can come in any order. */
export async function noteEnded(
  tx: Tx,
  { partnerId, keyIds }: { partnerId: string; keyIds: readonly string[] },
): Promise<void> {
  await tx`
    insert into ended_keys (partner_id, key_id)
    select ${partnerId}::uuid, key_id
    from unnest(${keyIds as string[]}::uuid[]) as u (key_id)
    on conflict do nothing
  `;
}

export async function isEnded(tx: Tx, partnerId: string, keyId: string): Promise<boolean> {
  const ended = await tx`
    select 1
    from ended_keys
    where partner_id = ${partnerId} and key_id = ${keyId}
  `;
  return ended.length > 0;
}

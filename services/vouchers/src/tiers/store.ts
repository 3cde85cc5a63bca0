import type { Tx } from '@punchcard/database';

export interface TierKey {
  partnerId: string;
  tierId: string;
}

/** Vouchers that target a tier, with those that batches under way will make. */
export async function countVouchersOfTier(tx: Tx, { partnerId, tierId }: TierKey): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select
      (
        select count(*)
        from vouchers
        where partner_id = ${partnerId} and deleted_at is null and target_tiers <> '{}' and ${tierId}::uuid = any(target_tiers)
      ) + (
        select coalesce(sum(count), 0)::bigint
        from voucher_batches
        where partner_id = ${partnerId} and template -> 'targetTiers' ? ${tierId}::text and status in ('queued', 'running')
      ) as count
  `;
  return counted!.count;
}

/** Whether the catalog is about to delete one of these tiers. */
export async function isAnyHeld(
  tx: Tx,
  { partnerId, tierIds }: { partnerId: string; tierIds: readonly string[] },
  now: Date,
): Promise<boolean> {
  const held = await tx`
    select 1
    from tier_holds
    where partner_id = ${partnerId} and tier_id = any(${[...tierIds]}::uuid[]) and held_until > ${now}
    limit 1
  `;
  return held.length > 0;
}

export async function saveHold(tx: Tx, hold: TierKey & { holdId: string; heldUntil: Date }): Promise<void> {
  await tx`
    insert into tier_holds ${tx({ ...hold })}
    on conflict (partner_id, tier_id) do update
    set hold_id = excluded.hold_id, held_until = excluded.held_until
  `;
}

/** Ends a hold, unless another has taken its place. */
export async function deleteHold(tx: Tx, { partnerId, tierId, holdId }: TierKey & { holdId: string }): Promise<void> {
  await tx`
    delete from tier_holds
    where partner_id = ${partnerId} and tier_id = ${tierId} and hold_id = ${holdId}
  `;
}

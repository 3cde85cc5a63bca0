import type { Db, Sql, Tx } from '@punchcard/database';
import type { OwedPoints, RedemptionKey } from '../redemptions/store.ts';

export interface CardKey {
  partnerId: string;
  cardId: string;
}

/** Vouchers that pay onto a card and are not used up, off or past an end before `endedBefore`; with those that batches will make. */
export async function countPayingVouchers(tx: Db, { partnerId, cardId }: CardKey, endedBefore: Date): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select
      (
        select count(*)
        from vouchers
        where partner_id = ${partnerId} and reward_card_id = ${cardId} and deleted_at is null and is_active
          and (valid_until is null or valid_until > ${endedBefore})
          and (max_uses_total is null or times_used < max_uses_total)
      ) + (
        select coalesce(sum(count), 0)::bigint
        from voucher_batches
        where partner_id = ${partnerId} and template ->> 'rewardCardId' = ${cardId}::text and status in ('queued', 'running')
      ) as count
  `;
  return counted!.count;
}

/** Whether the catalog is about to delete the card. */
export async function isHeld(tx: Db, { partnerId, cardId }: CardKey, now: Date): Promise<boolean> {
  const held = await tx`
    select 1 from card_holds where partner_id = ${partnerId} and card_id = ${cardId} and held_until > ${now}
  `;
  return held.length > 0;
}

export async function saveHold(tx: Tx, hold: CardKey & { holdId: string; heldUntil: Date }): Promise<void> {
  await tx`
    insert into card_holds ${tx({ ...hold })}
    on conflict (partner_id, card_id) do update
    set hold_id = excluded.hold_id, held_until = excluded.held_until
  `;
}

/** Ends a hold, or an earlier one whose deletion this one took over, but none that began later: ids are in the order of time. */
export async function deleteHold(tx: Db, { partnerId, cardId, holdId }: CardKey & { holdId: string }): Promise<void> {
  await tx`
    delete from card_holds
    where partner_id = ${partnerId} and card_id = ${cardId} and hold_id <= ${holdId}
  `;
}

/** Some of the redemptions of which nobody here knows whether the ledger has their points. */
export async function listUnsettled(
  sql: Sql,
  { partnerId, cardId }: CardKey,
  limit: number,
): Promise<(OwedPoints & RedemptionKey)[]> {
  return sql<(OwedPoints & RedemptionKey)[]>`
    select partner_id, redemption_id, member_id, card_id, points, staff_id, note, redeemed_at, points_status
    from redemptions
    where partner_id = ${partnerId} and card_id = ${cardId} and points_status in ('undecided', 'queued') and not is_settled
    limit ${limit}
  `;
}

/** Notes that the ledger has said what became of them; decides what callers are told, if nobody was told yet. */
export async function markSettled(
  sql: Sql,
  { partnerId, redemptionId, status }: RedemptionKey & { status: 'booked' | 'queued' },
): Promise<void> {
  await sql`
    update redemptions
    set is_settled = true, points_status = case points_status when 'undecided' then ${status} else points_status end
    where partner_id = ${partnerId} and redemption_id = ${redemptionId}
  `;
}

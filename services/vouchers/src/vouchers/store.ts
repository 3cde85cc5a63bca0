import { foldCase, notFound } from '@punchcard/contracts';
import type { Db, Statement, Tx } from '@punchcard/database';
import type { Terms } from './rules.ts';

export interface VoucherKey {
  partnerId: string;
  voucherId: string;
}

/** A code with an instant value. */
export interface Voucher extends VoucherKey, Terms {
  /** In upper case. */
  code: string;
  timesUsed: number;
  batchId: string | null;
  batchPosition: number | null;
  /** Counts the changes that were announced. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** A voucher that is not deleted, locked until commit against redemptions and other changes, or 404. */
export async function lockVoucher(tx: Tx, { partnerId, voucherId }: VoucherKey): Promise<Voucher> {
  const [voucher] = await tx<Voucher[]>`
    select ${columns(tx)}
    from vouchers
    where partner_id = ${partnerId} and voucher_id = ${voucherId} and deleted_at is null
    for update
  `;
  if (!voucher) throw notFound('voucher', voucherId);
  return voucher;
}

/** Whose code this is, of what is not deleted. */
export async function findVoucherIdByCode(tx: Tx, partnerId: string, code: string): Promise<string | undefined> {
  const [voucher] = await tx<VoucherKey[]>`
    select voucher_id
    from vouchers
    where partner_id = ${partnerId} and code = ${code} and deleted_at is null
  `;
  return voucher?.voucherId;
}

/** Vouchers at a club. */
export async function countVouchersOfClub(
  tx: Tx,
  { partnerId, clubId }: { partnerId: string; clubId: string },
): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select
      (
        select count(*)
        from vouchers
        where partner_id = ${partnerId} and club_id = ${clubId} and deleted_at is null
      ) + (
        select coalesce(sum(count), 0)::bigint
        from voucher_batches
        where partner_id = ${partnerId} and template ->> 'clubId' = ${clubId}::text and status in ('queued', 'running')
      ) as count
  `;
  return counted!.count;
}

export async function insertVoucher(tx: Tx, voucher: Voucher): Promise<void> {
  await tx`insert into vouchers ${tx(row(tx, voucher))}`;
}

/** Inserts those whose code is free, in one statement. @returns their codes */
export async function insertFreeVouchers(tx: Tx, vouchers: readonly Voucher[]): Promise<Set<string>> {
  const records = JSON.stringify(vouchers.map(toRecord));
  const inserted = await tx<{ code: string }[]>`
    insert into vouchers (${names(tx)}, search_key)
    select ${names(tx)}, search_key
    from json_populate_recordset(null::vouchers, ${records}::text::json)
    order by code
    on conflict (partner_id, code) where deleted_at is null do nothing
    returning code
  `;
  return new Set(inserted.map(({ code }) => code));
}

/** Keeps all but how often it was used, which redemptions count. */
export async function saveVoucher(tx: Tx, voucher: Voucher): Promise<void> {
  const { timesUsed: _, ...rest } = row(tx, voucher);
  await tx`
    update vouchers
    set ${tx(rest)}
    where partner_id = ${voucher.partnerId} and voucher_id = ${voucher.voucherId}
  `;
}

/** Its row stays, its code is free. */
export async function markDeleted(tx: Tx, { partnerId, voucherId }: VoucherKey, now: Date): Promise<void> {
  await tx`
    update vouchers
    set deleted_at = ${now}, version = version + 1
    where partner_id = ${partnerId} and voucher_id = ${voucherId}
  `;
}

/** Those of these ids that our copy of the catalog has. */
export async function findReferenced(
  tx: Tx,
  { partnerId, cardIds, tierIds }: { partnerId: string; cardIds: readonly string[]; tierIds: readonly string[] },
): Promise<Set<string>> {
  const found = await tx<{ id: string }[]>`
    select card_id as id
    from cards
    where partner_id = ${partnerId} and card_id = any(${[...cardIds]}::uuid[]) and not is_deleted
    union all
    select tier_id
    from tiers
    where partner_id = ${partnerId} and tier_id = any(${[...tierIds]}::uuid[]) and not is_deleted
  `;
  return new Set(found.map(({ id }) => id));
}

const names = (tx: Db): Statement => tx`
  partner_id, voucher_id, club_id, code, name, title, description, type, value, currency, min_purchase_minor,
  max_discount_minor, free_product, reward_card_id, valid_from, valid_until, max_uses_total, max_uses_per_member,
  target_tiers, new_members_days, first_order_only, is_active, is_visible_by_default, times_used, batch_id, batch_position,
  version, created_at, updated_at
`;
const columns = names;

const searchKeyOf = ({ name, code, title }: Voucher): string =>
  foldCase([name, code, ...Object.values(title ?? {})].join('\n'));

const row = (tx: Tx, voucher: Voucher) => ({
  ...voucher,
  searchKey: searchKeyOf(voucher),
  title: voucher.title && tx.json(voucher.title),
  description: voucher.description && tx.json(voucher.description),
  targetTiers: [...voucher.targetTiers],
});

/** For `json_populate_recordset`, which knows only JSON. */
const toRecord = (voucher: Voucher): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(voucher).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ),
  search_key: searchKeyOf(voucher),
});

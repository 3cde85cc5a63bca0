import { notFound, type VoucherType } from '@punchcard/contracts';
import { containing, type Db, type Page, type Sql } from '@punchcard/database';
import { codeOf } from './rules.ts';
import type { Voucher, VoucherKey } from './store.ts';

export interface VoucherFilter {
  partnerId: string;
  clubId?: string | undefined;
  code?: string | undefined;
  type?: VoucherType | undefined;
  isActive?: boolean | undefined;
  search?: string | undefined;
  batchId?: string | undefined;
}

/** A voucher that is not deleted, or 404. */
export async function getVoucherView(sql: Db, { partnerId, voucherId }: VoucherKey): Promise<Voucher> {
  const [voucher] = await sql<Voucher[]>`
    select ${columns(sql)}
    from vouchers
    where partner_id = ${partnerId} and voucher_id = ${voucherId} and deleted_at is null
  `;
  if (!voucher) throw notFound('voucher', voucherId);
  return voucher;
}

/** Vouchers that are not deleted, newest first; those of batches only when a batch or a code is asked for. */
export async function listVouchers(sql: Sql, filter: VoucherFilter, { limit, offset }: Page) {
  const { partnerId, clubId, code, type, isActive, search, batchId } = filter;
  const withBatches = batchId !== undefined || code !== undefined;
  const matches = sql`
    deleted_at is null
    ${withBatches ? sql`` : sql`and batch_id is null`}
    ${clubId === undefined ? sql`` : sql`and club_id = ${clubId}`}
    ${code === undefined ? sql`` : sql`and code = ${codeOf(code)}`}
    ${type === undefined ? sql`` : sql`and type = ${type}`}
    ${isActive === undefined ? sql`` : sql`and is_active = ${isActive}`}
    ${search === undefined ? sql`` : sql`and search_key like ${containing(search)}`}
    ${batchId === undefined ? sql`` : sql`and batch_id = ${batchId}`}
  `;
  const [vouchers, counted] = await Promise.all([
    sql<Voucher[]>`
      select ${columns(sql)}
      from vouchers
      where partner_id = ${partnerId} and ${matches}
      order by created_at desc, voucher_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from vouchers
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { vouchers, total: counted[0]!.total };
}

const columns = (sql: Db) => sql`
  partner_id, voucher_id, club_id, code, name, title, description, type, value, currency, min_purchase_minor,
  max_discount_minor, free_product, reward_card_id, valid_from, valid_until, max_uses_total, max_uses_per_member,
  target_tiers, new_members_days, first_order_only, is_active, is_visible_by_default, times_used, batch_id, batch_position,
  version, created_at, updated_at
`;

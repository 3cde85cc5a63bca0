import { notFound } from '@punchcard/contracts';
import type { Db, Page, Sql } from '@punchcard/database';
import type { Terms } from '../vouchers/rules.ts';
import type { Batch, BatchKey } from './rules.ts';

export interface BatchView extends Batch {
  /** Codes that were used at least once. */
  redeemed: number;
}

type Row = Omit<BatchView, 'template'> & {
  template: Omit<Terms, 'validFrom' | 'validUntil'> & { validFrom: string | null; validUntil: string | null };
};

/** A batch, or 404. */
export async function getBatchView(sql: Db, { partnerId, batchId }: BatchKey): Promise<BatchView> {
  const [row] = await sql<Row[]>`
    select partner_id, batch_id, name, status, count, prefix, pattern, template, job_id, failure, created_at, updated_at,
      completed_at,
      (
        select count(*)
        from vouchers v
        where v.partner_id = b.partner_id and v.batch_id = b.batch_id and v.times_used > 0
      ) as redeemed
    from voucher_batches b
    where partner_id = ${partnerId} and batch_id = ${batchId}
  `;
  if (!row) throw notFound('voucher_batch', batchId);
  const { validFrom, validUntil, ...terms } = row.template;
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return { ...row, template: { ...terms, validFrom: instant(validFrom), validUntil: instant(validUntil) } };
}

/** A code of a batch as it is now. */
export interface CodeView {
  voucherId: string;
  code: string;
  isActive: boolean;
  timesUsed: number;
  maxUsesTotal: number | null;
  validUntil: Date | null;
  batchPosition: number;
}

export interface CodeFilter extends BatchKey {
  used?: boolean | undefined;
}

/** Codes that are not deleted, in the order made. */
export async function listCodes(sql: Sql, filter: CodeFilter, { limit, offset }: Page) {
  const { partnerId } = filter;
  const [codes, counted] = await Promise.all([
    sql<CodeView[]>`
      select ${columns(sql)}
      from vouchers
      where partner_id = ${partnerId} and ${matches(sql, filter)}
      order by batch_position
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from vouchers
      where partner_id = ${partnerId} and ${matches(sql, filter)}
    `,
  ]);
  return { codes, total: counted[0]!.total };
}

/** The next codes behind a place. */
export async function listCodesAfter(
  sql: Sql,
  { after, limit, ...filter }: CodeFilter & { after: number; limit: number },
): Promise<CodeView[]> {
  return sql<CodeView[]>`
    select ${columns(sql)}
    from vouchers
    where partner_id = ${filter.partnerId} and ${matches(sql, filter)} and batch_position > ${after}
    order by batch_position
    limit ${limit}
  `;
}

const columns = (sql: Sql) => sql`
  voucher_id, code, is_active, times_used, max_uses_total, valid_until, batch_position
`;

const matches = (sql: Sql, { batchId, used }: CodeFilter) => sql`
  batch_id = ${batchId} and deleted_at is null
  ${used === undefined ? sql`` : sql`and (times_used > 0) = ${used}`}
`;

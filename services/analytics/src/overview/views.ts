import type { Tx } from '@punchcard/database';
import type { Period } from '../periods/rules.ts';
import type { ShopSums } from './rules.ts';

/** Whose figures, and of which shops; null = all of the partner. */
export interface Scope {
  partnerId: string;
  shops: readonly string[] | null;
}

const within = (sql: Tx, { shops }: Scope) =>
  shops === null ? sql`` : sql`and club_id = any(${shops as string[]}::uuid[])`;

export async function sumShops(sql: Tx, scope: Scope, { start, end }: Period): Promise<ShopSums[]> {
  return sql<ShopSums[]>`
    select club_id, currency, sum(purchases)::bigint as purchases, sum(revenue_minor)::bigint as revenue_minor,
      sum(attributed_minor)::bigint as attributed_minor, sum(points_issued)::bigint as points_issued,
      sum(points_redeemed)::bigint as points_redeemed, sum(after_purchases)::bigint as after_purchases,
      sum(after_minor)::bigint as after_minor
    from daily
    where partner_id = ${scope.partnerId} and day between ${start}::date and ${end}::date ${within(sql, scope)}
    group by club_id, currency
  `;
}

/** Points of all time up to a day: the lifetime less what came after that day. */
export async function sumLifetime(sql: Tx, scope: Scope, end: string): Promise<{ issued: number; redeemed: number }> {
  const [points] = await sql<{ issued: number; redeemed: number }[]>`
    select (coalesce(sum(points_issued), 0))::bigint as issued, (coalesce(sum(points_redeemed), 0))::bigint as redeemed
    from (
      select points_issued, points_redeemed
      from lifetime
      where partner_id = ${scope.partnerId} ${within(sql, scope)}
      union all
      select -points_issued, -points_redeemed
      from daily
      where partner_id = ${scope.partnerId} and day > ${end}::date ${within(sql, scope)}
    ) points
  `;
  return points!;
}

/** Customers registered before an instant and not anonymised by then; with shops: those with an account there. */
export async function countCustomers(
  sql: Tx,
  { partnerId, shops }: Scope,
  { before, end }: { before: Date; end: string },
): Promise<number> {
  const [counted] = await sql<{ count: number }[]>`
    select count(*) as count
    from members m
    ${
      shops === null
        ? sql``
        : sql`join (
            select distinct s.member_id
            from shop_members s
            where s.partner_id = ${partnerId} and s.club_id = any(${shops as string[]}::uuid[]) and s.first_day <= ${end}::date
          ) visitors using (member_id)`
    }
    where m.partner_id = ${partnerId}
      and m.registered_at < ${before}
      and (m.anonymised_at is null or m.anonymised_at >= ${before})
  `;
  return counted?.count ?? 0;
}

/** Accounts with something in the 365 days that end on a day. Each has one spell that begins in them and ends after them. */
export async function countActiveAccounts(sql: Tx, scope: Scope, end: string): Promise<number> {
  const [counted] = await sql<{ count: number }[]>`
    select coalesce(sum(accounts), 0)::bigint as count
    from account_spells
    where partner_id = ${scope.partnerId} and next_day > ${end}::date and day between ${end}::date - 364 and ${end}::date
      ${within(sql, scope)}
  `;
  return counted?.count ?? 0;
}

/** Of the customers who bought in the period before, how many bought again in this one. */
export async function countRetained(
  sql: Tx,
  scope: Scope,
  { period, previous }: { period: Period; previous: Period },
): Promise<{ before: number; retained: number }> {
  const [counted] = await sql<{ before: number; retained: number }[]>`
    select count(*) filter (where in_previous) as before, count(*) filter (where in_previous and in_period) as retained
    from (
      select bool_or(day >= ${period.start}::date) as in_period, bool_or(day < ${period.start}::date) as in_previous
      from activity
      where partner_id = ${scope.partnerId} and day between ${previous.start}::date and ${period.end}::date
        and purchases > 0 ${within(sql, scope)}
      group by member_id
    ) members
  `;
  return counted!;
}

/** Shops by id, with the customers who did something and those who bought there in a period. */
export async function describeShops(
  sql: Tx,
  partnerId: string,
  { clubIds, period }: { clubIds: string[]; period: Period },
) {
  return sql<{ clubId: string; name: string | null; active: number; buyers: number }[]>`
    select a.club_id, c.name, a.active, a.buyers
    from (
      select club_id, count(distinct member_id) as active, count(distinct member_id) filter (where purchases > 0) as buyers
      from activity
      where partner_id = ${partnerId} and club_id = any(${clubIds}::uuid[])
        and day between ${period.start}::date and ${period.end}::date
      group by club_id
    ) a
    left join clubs c on c.partner_id = ${partnerId} and c.club_id = a.club_id
  `;
}

/** Ids of the partner's shops, oldest first. */
export async function listShopIds(sql: Tx, partnerId: string): Promise<string[]> {
  const clubs = await sql<{ clubId: string }[]>`
    select club_id
    from clubs
    where partner_id = ${partnerId} and not is_deleted
    order by created_at, club_id
  `;
  return clubs.map(({ clubId }) => clubId);
}

import type { Tx } from '@punchcard/database';
import { monthsIn, type Period } from '../periods/rules.ts';
import type { ShopSums } from './rules.ts';

/** Whose figures, and of which shops; null = all of the partner. */
export interface Scope {
  partnerId: string;
  shops: readonly string[] | null;
}

const within = (sql: Tx, { shops }: Scope) =>
  shops === null ? sql`` : sql`and club_id = any(${shops as string[]}::uuid[])`;

/** Sums of shops over a period: its whole months, and the days at either end of it. */
export async function sumShops(sql: Tx, scope: Scope, period: Period): Promise<ShopSums[]> {
  const { from, until } = monthsIn(period);
  const sums = sql`club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed, after_purchases,
    after_minor`;
  return sql<ShopSums[]>`
    select club_id, currency, sum(purchases)::bigint as purchases, sum(revenue_minor)::bigint as revenue_minor,
      sum(attributed_minor)::bigint as attributed_minor, sum(points_issued)::bigint as points_issued,
      sum(points_redeemed)::bigint as points_redeemed, sum(after_purchases)::bigint as after_purchases,
      sum(after_minor)::bigint as after_minor
    from (
      select ${sums}
      from daily
      where partner_id = ${scope.partnerId} and day >= ${period.start}::date and day < ${from}::date ${within(sql, scope)}
      union all
      select ${sums}
      from monthly
      where partner_id = ${scope.partnerId} and month >= ${from}::date and month < ${until}::date ${within(sql, scope)}
      union all
      select ${sums}
      from daily
      where partner_id = ${scope.partnerId} and day between ${until}::date and ${period.end}::date ${within(sql, scope)}
    ) sums
    group by club_id, currency
  `;
}

/** Points of all time up to a day: the lifetime less what came after that day. */
export async function sumLifetime(sql: Tx, scope: Scope, end: string) {
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
  const { issued, redeemed } = points!;
  return { total_points_issued: issued, total_points_redeemed: redeemed };
}

interface AsOf {
  end: string;
  /** The instant at which that day has ended. */
  before: Date;
}

/** Customers registered before an instant and not anonymised by then; with shops: those who bought or redeemed there by then. */
export async function countCustomers(sql: Tx, scope: Scope, asOf: AsOf): Promise<number> {
  const [counted] = await customers(sql, scope, asOf);
  return counted?.count ?? 0;
}

function customers(sql: Tx, { partnerId, shops }: Scope, { end, before }: AsOf) {
  if (shops === null) return customersOfPartner(sql, partnerId, before);
  const [shop, ...others] = shops;
  if (shop !== undefined && others.length === 0) return customersOfShop(sql, { partnerId, shop }, { end, before });
  return sql<Counted[]>`
    select count(distinct s.member_id) as count
    from shop_members s
    where s.partner_id = ${partnerId} and s.club_id = any(${shops as string[]}::uuid[]) and s.first_day <= ${end}::date
      and not exists (
        select 1
        from members m
        where m.partner_id = ${partnerId} and m.member_id = s.member_id and m.anonymised_at < ${before}
      )
  `;
}

interface Counted {
  count: number;
}

/** From sums of whole UTC days, and from the members of the part of one that the partner's day ends in. */
function customersOfPartner(sql: Tx, partnerId: string, before: Date) {
  const midnight = new Date(before);
  midnight.setUTCHours(0, 0, 0, 0);
  return sql<Counted[]>`
    select (coalesce(sum(registered - departed), 0))::bigint
      + (
        select count(*)
        from members
        where partner_id = ${partnerId} and registered_at >= ${midnight} and registered_at < ${before}
      )
      - (
        select count(*)
        from members
        where partner_id = ${partnerId} and anonymised_at >= ${midnight} and anonymised_at < ${before}
      ) as count
    from registrations
    where partner_id = ${partnerId} and day < (${midnight}::timestamptz at time zone 'UTC')::date
  `;
}

/** Whoever came by a day has one spell that it lies in. Those who are anonymised since are few and looked up. */
function customersOfShop(sql: Tx, { partnerId, shop }: { partnerId: string; shop: string }, { end, before }: AsOf) {
  return sql<Counted[]>`
    select (coalesce(sum(visitors), 0))::bigint
      - (
        select count(*)
        from members m
        join shop_members s using (partner_id, member_id)
        where m.partner_id = ${partnerId} and m.anonymised_at < ${before}
          and s.club_id = ${shop} and s.first_day <= ${end}::date
      ) as count
    from shop_spells
    where partner_id = ${partnerId} and club_id = ${shop} and next_day > ${end}::date and day <= ${end}::date
  `;
}

/** Accounts with something in the 365 days that end on a day. Each has one spell that begins in them and ends after them. */
export async function countActiveAccounts(sql: Tx, scope: Scope, end: string): Promise<number> {
  const [counted] = await sql<Counted[]>`
    select coalesce(sum(accounts), 0)::bigint as count
    from ${scope.shops === null ? sql`partner_spells` : sql`shop_spells`}
    where partner_id = ${scope.partnerId} and next_day > ${end}::date and day between ${end}::date - 364 and ${end}::date
      ${within(sql, scope)}
  `;
  return counted?.count ?? 0;
}

interface Retention {
  before: number;
  retained: number;
}

/**
 * Of the customers who bought in the period before, how many bought again in this one. Each has one spell that begins in the one
 * before and ends after it: in the period, if they came again.
 */
export async function countRetained(
  sql: Tx,
  scope: Scope,
  { period, previous }: { period: Period; previous: Period },
): Promise<Retention> {
  // Spells of shops do not add up to members of several: one may buy in each.
  if (scope.shops !== null && scope.shops.length !== 1) return countRetainedInShops(sql, scope, { period, previous });
  const [counted] = await sql<Retention[]>`
    select coalesce(sum(buyers), 0)::bigint as before,
      coalesce(sum(buyers) filter (where next_day <= ${period.end}::date), 0)::bigint as retained
    from ${scope.shops === null ? sql`partner_spells` : sql`shop_spells`}
    where partner_id = ${scope.partnerId} and next_day > ${previous.end}::date
      and day between ${previous.start}::date and ${previous.end}::date ${within(sql, scope)}
  `;
  return counted!;
}

async function countRetainedInShops(
  sql: Tx,
  scope: Scope,
  { period, previous }: { period: Period; previous: Period },
): Promise<Retention> {
  const [counted] = await sql<Retention[]>`
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
    select u.club_id, c.name, s.active, s.buyers
    from unnest(${clubIds}::uuid[]) as u (club_id)
    left join clubs c on c.partner_id = ${partnerId} and c.club_id = u.club_id
    cross join lateral (
      select coalesce(sum(visitors), 0)::bigint as active, coalesce(sum(buyers), 0)::bigint as buyers
      from shop_spells
      where partner_id = ${partnerId} and club_id = u.club_id and next_day > ${period.end}::date
        and day between ${period.start}::date and ${period.end}::date
    ) s
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

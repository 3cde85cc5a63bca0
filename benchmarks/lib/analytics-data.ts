import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';

/** Each member buys on this many days of the year, at most once a day. */
export const purchasesOfMember = 50;
const shopCount = 100;
const days = 365;

export interface AnalyticsPartner {
  partnerId: string;
  transactions: number;
}

/**
 * A partner with 100 shops and a year of purchases that ends today, in the tables that figures are read from, as the consumer would have
 * left them. Single facts are left out: no figure is read from them.
 */
export async function fillAnalytics(
  sql: Sql,
  transactions: number,
  say: (text: string) => void,
): Promise<AnalyticsPartner> {
  const partnerId = newId();
  const members = Math.ceil(transactions / purchasesOfMember);
  await sql`
    insert into partners (partner_id, time_zone, currency, tier, is_deleted, created_at, sequence)
    values (${partnerId}, 'UTC', 'EUR', 'enterprise', false, now(), 1)
  `;
  await sql`
    insert into clubs (partner_id, club_id, name, is_deleted, created_at, sequence)
    select ${partnerId}::uuid, gen_random_uuid(), 'Shop ' || n, false, now() - interval '2 years', n
    from generate_series(1, ${shopCount}::int) as n
  `;
  await sql`create temporary table shops as select club_id, row_number() over () - 1 as n from clubs where partner_id = ${partnerId}`;
  await sql`create temporary table buyers as select n, gen_random_uuid() as member_id from generate_series(0, ${members - 1}::int) as n`;
  await sql`
    insert into members (partner_id, member_id, registered_at, sequence)
    select ${partnerId}::uuid, member_id, now() - (n % 700) * interval '1 day', 1
    from buyers
  `;
  await sql`
    insert into registrations (partner_id, day, registered, anonymised)
    select partner_id, (registered_at at time zone 'UTC')::date, count(*), 0
    from members
    where partner_id = ${partnerId}
    group by 1, 2
  `;
  // These at the end: row by row their pages would be read and written all over.
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition
    from pg_indexes
    where tablename = 'activity' and indexname <> 'activity_pkey'
  `;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  for (let day = 0; day < days; day++) {
    await addDay(sql, { partnerId, day });
    if (day % 73 === 72) say(`${Math.round(((day + 1) / days) * 100)} % of ${transactions} transactions`);
  }
  // Sorts of millions of rows.
  await sql`set work_mem = '256MB'`;
  await sql`set maintenance_work_mem = '256MB'`;
  for (const { definition } of indexes) await sql.unsafe(definition);
  say('sums');
  await sumUp(sql, partnerId);
  await sql`drop table shops`;
  await sql`drop table buyers`;
  await sql`vacuum analyze`;
  return { partnerId, transactions: members * purchasesOfMember };
}

/** Who buys on a day of the year: 313 × 7 is 1 modulo 365, so each member has 50 days that lie a week apart. */
async function addDay(sql: Sql, { partnerId, day }: { partnerId: string; day: number }): Promise<void> {
  await sql`
    insert into activity (
      partner_id, day, club_id, card_id, member_id, currency, purchases, redemptions, revenue_minor, is_attributed
    )
    select ${partnerId}::uuid, current_date - ${days - 1 - day}::int, s.club_id, s.club_id, b.member_id, 'EUR', 1,
      case when (b.n + ${day}::int) % 9 = 0 then 1 else 0 end, 250 + (b.n * 37 + ${day}::int * 101) % 9000, b.n % 3 = 0
    from buyers b
    -- Four days out of five at home.
    join shops s on s.n = case when (b.n + ${day}::int) % 5 = 0 then (b.n + ${day}::int) % ${shopCount}::int else b.n % ${shopCount}::int end
    where ((${day}::bigint - b.n * 13) % ${days}::int + ${days}::int) * 313 % ${days}::int < ${purchasesOfMember}::int
    order by s.club_id, b.member_id
  `;
}

async function sumUp(sql: Sql, partnerId: string): Promise<void> {
  await sql`
    insert into daily (
      partner_id, day, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed,
      points_expired, after_purchases, after_minor
    )
    select partner_id, day, club_id, currency, sum(purchases), sum(revenue_minor),
      coalesce(sum(revenue_minor) filter (where is_attributed), 0), sum(revenue_minor) / 10, sum(redemptions) * 50, 0,
      coalesce(sum(purchases) filter (where is_attributed), 0),
      coalesce(sum(revenue_minor) filter (where is_attributed), 0)
    from activity
    where partner_id = ${partnerId}
    group by partner_id, day, club_id, currency
    order by day
  `;
  await sql`
    insert into monthly (
      partner_id, month, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed,
      points_expired, after_purchases, after_minor
    )
    select partner_id, date_trunc('month', day)::date, club_id, currency, sum(purchases), sum(revenue_minor),
      sum(attributed_minor), sum(points_issued), sum(points_redeemed), 0, sum(after_purchases), sum(after_minor)
    from daily
    where partner_id = ${partnerId}
    group by 1, 2, 3, 4
  `;
  await sql`
    insert into lifetime (partner_id, club_id, points_issued, points_redeemed)
    select partner_id, club_id, sum(points_issued), sum(points_redeemed)
    from daily
    where partner_id = ${partnerId}
    group by partner_id, club_id
  `;
  await sumSpells(sql, partnerId);
  await sql`
    insert into shop_members (partner_id, club_id, member_id, first_day)
    select partner_id, club_id, member_id, min(day)
    from activity
    where partner_id = ${partnerId}
    group by partner_id, club_id, member_id
  `;
}

/** A card is of its shop here, so the days of an account are those of a member in a shop. */
async function sumSpells(sql: Sql, partnerId: string): Promise<void> {
  await sql`
    insert into shop_spells (partner_id, club_id, next_day, day, accounts, visitors, buyers)
    select partner_id, club_id, next_day, day, count(*), count(*), count(*)
    from (
      select partner_id, day, club_id,
        coalesce(lead(day) over (partition by partner_id, club_id, member_id order by day), 'infinity') as next_day
      from activity
      where partner_id = ${partnerId}
    ) spells
    group by partner_id, club_id, next_day, day
    order by day
  `;
  await sql`
    insert into partner_spells (partner_id, next_day, day, accounts, buyers)
    select partner_id, next_day, day, sum(accounts), sum(buyers)
    from (
      select partner_id, next_day, day, accounts, 0 as buyers
      from shop_spells
      where partner_id = ${partnerId}
      union all
      select partner_id, coalesce(lead(day) over (partition by partner_id, member_id order by day), 'infinity'), day, 0, 1
      from activity
      where partner_id = ${partnerId}
    ) spells
    group by partner_id, next_day, day
  `;
}

import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { backfill } from './given-backfill.ts';

/**
 * Two years of twelve partners with 400 members each, and as many days of 150 small ones: enough that reading a table from end to
 * end costs more than its indexes. @returns the id of one of the twelve
 */
export async function fillTables(sql: Sql): Promise<string> {
  const large = Array.from({ length: 12 }, () => newId());
  await sql`
    insert into facts (partner_id, member_id, occurred_at, transaction_id, day, card_id, club_id, event, points, purchase_minor, currency)
    select partner_id, member_id, at, gen_random_uuid(), at::date, card_id, card_id,
      case when n % 5 = 0 then 'staff_redeemed_points_for_reward' else 'staff_credited_points_for_purchase' end,
      case when n % 5 = 0 then -10 else 10 end, case when n % 5 = 0 then null else 100 end, 'EUR'
    from unnest(${large}::uuid[]) as p (partner_id)
    cross join lateral (
      select gen_random_uuid() as member_id, m
      from generate_series(1, 400) m
    ) members
    cross join lateral (
      select n, '2024-03-10 10:00Z'::timestamptz + make_interval(days => (m * 31 + n * 73 + n * n) % 730, mins => n) as at,
        md5(partner_id::text || (m % 4)::text)::uuid as card_id
      from generate_series(1, 15) n
    ) visits
  `;
  await sql`
    insert into activity (partner_id, day, club_id, card_id, member_id, currency, purchases, redemptions, revenue_minor, is_attributed)
    select partner_id, day, club_id, card_id, member_id, min(currency), count(purchase_minor), count(*) - count(purchase_minor),
      coalesce(sum(purchase_minor), 0), false
    from facts
    group by partner_id, day, club_id, card_id, member_id
  `;
  await sql`
    insert into daily (partner_id, day, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed,
      points_expired, after_purchases, after_minor)
    select partner_id, day, club_id, currency, count(purchase_minor), coalesce(sum(purchase_minor), 0), 0, 100, 10, 0, 0, 0
    from facts
    group by partner_id, day, club_id, currency
  `;
  await backfill(sql);
  await sql`
    insert into shop_members (partner_id, club_id, member_id, first_day)
    select partner_id, club_id, member_id, min(day)
    from activity
    group by partner_id, club_id, member_id
  `;
  await sql`insert into member_days (partner_id, member_id, day) select distinct partner_id, member_id, day from facts`;
  await sql`
    insert into member_spells (partner_id, next_day, day, members)
    select partner_id, next_day, day, count(*)
    from (
      select partner_id, day, coalesce(lead(day) over (partition by partner_id, member_id order by day), 'infinity') as next_day
      from member_days
    ) spells
    group by partner_id, next_day, day
  `;
  await sql`
    insert into redemption_days (partner_id, member_id, day)
    select distinct partner_id, member_id, day from facts where points < 0
  `;
  await sql`
    insert into first_redemptions (partner_id, member_id, occurred_at)
    select partner_id, member_id, min(occurred_at) from facts where points < 0 group by partner_id, member_id
  `;
  await sql`
    insert into members (partner_id, member_id, registered_at, anonymised_at, sequence)
    select partner_id, member_id, min(occurred_at), null, 1 from facts group by partner_id, member_id
  `;
  await fillPlatform(sql, large);
  await sql`analyze`;
  return large[0]!;
}

async function fillPlatform(sql: Sql, large: string[]): Promise<void> {
  await sql`
    insert into partners (partner_id, time_zone, currency, tier, network_id, is_deleted, created_at, sequence)
    select partner_id, 'UTC', 'EUR', 'standard', null, false, now(), 1
    from (
      select unnest(${large}::uuid[]) as partner_id
      union all
      select gen_random_uuid() from generate_series(1, 150)
    ) p
  `;
  await sql`
    insert into utc_daily (partner_id, day, currency, purchases, redemptions, revenue_minor, points_issued, points_redeemed,
      points_expired)
    select partner_id, '2024-03-10'::date + n, 'EUR', 10, 1, 1000, 100, 10, 0
    from partners
    cross join generate_series(0, 729) n
  `;
  await sql`
    insert into registrations (partner_id, day, registered, anonymised)
    select partner_id, '2024-03-10'::date + n, 1, 0
    from partners
    cross join generate_series(0, 729, 30) n
  `;
}

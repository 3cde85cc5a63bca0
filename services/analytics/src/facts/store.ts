import type { Tx } from '@punchcard/database';
import type { ActivityDelta, DailyDelta } from './figures-rules.ts';
import type { FirstRedemption, RedemptionDay } from './ingest-facts.ts';
import { ATTRIBUTION_DAYS, type Fact, type MemberHistory } from './rules.ts';

const records = (rows: readonly object[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
      ),
    ),
  );

/** Keeps facts that are new. @returns those, in the order given */
export async function insertFacts(tx: Tx, facts: readonly Fact[]): Promise<Fact[]> {
  const inserted = await tx<{ transactionId: string }[]>`
    insert into facts (partner_id, member_id, occurred_at, transaction_id, day, card_id, club_id, event, points,
      purchase_minor, currency)
    select partner_id, member_id, occurred_at, transaction_id, day, card_id, club_id, event, points, purchase_minor, currency
    from json_populate_recordset(null::facts, ${records(facts)}::text::json)
    on conflict do nothing
    returning transaction_id
  `;
  const ids = new Set(inserted.map(({ transactionId }) => transactionId));
  return facts.filter(({ transactionId }) => ids.delete(transactionId));
}

interface HistoryRow {
  partnerId: string;
  memberId: string;
  occurredAt: Date | null;
  days: string[];
}

/** What is known of the redemptions of these members: the first one, and the days that can matter to these facts. */
export async function loadHistories(tx: Tx, facts: readonly Fact[]): Promise<Map<string, MemberHistory>> {
  const days = facts.map(({ day }) => day).sort();
  const rows = await tx<HistoryRow[]>`
    select m.partner_id, m.member_id,
      (
        select f.occurred_at
        from first_redemptions f
        where f.partner_id = m.partner_id and f.member_id = m.member_id
      ) as occurred_at,
      array(
        select d.day::text
        from redemption_days d
        where d.partner_id = m.partner_id and d.member_id = m.member_id
          and d.day between ${days[0]!}::date - ${ATTRIBUTION_DAYS}::int and ${days.at(-1)!}::date
      ) as days
    from (
      select distinct partner_id, member_id
      from unnest(${facts.map((fact) => fact.partnerId)}::uuid[], ${facts.map((fact) => fact.memberId)}::uuid[])
        as u (partner_id, member_id)
    ) m
  `;
  return new Map(
    rows.map(({ partnerId, memberId, occurredAt, days: redeemed }) => [
      `${partnerId} ${memberId}`,
      { firstRedemptionAt: occurredAt, redemptionDays: new Set(redeemed) },
    ]),
  );
}

export async function saveRedemptions(
  tx: Tx,
  { newDays, newFirsts }: { newDays: readonly RedemptionDay[]; newFirsts: readonly FirstRedemption[] },
): Promise<void> {
  const saved = [
    tx`
      insert into redemption_days (partner_id, member_id, day)
      select partner_id, member_id, day
      from json_populate_recordset(null::redemption_days, ${records(newDays)}::text::json)
      on conflict do nothing
    `,
    tx`
      insert into first_redemptions (partner_id, member_id, occurred_at)
      select partner_id, member_id, occurred_at
      from json_populate_recordset(null::first_redemptions, ${records(newFirsts)}::text::json)
      on conflict (partner_id, member_id) do update set occurred_at = excluded.occurred_at
    `,
  ];
  await Promise.all(saved);
}

interface Moved {
  partnerId: string;
  day: string;
  clubId: string;
  currency: string;
  purchases: number;
  revenueMinor: number;
}

/** Attributes what members bought on these days and in the 30 after them, as far as it was not. @returns what that moves */
export async function attributeDays(tx: Tx, newDays: readonly RedemptionDay[]): Promise<Moved[]> {
  return tx<Moved[]>`
    with moved as (
      update activity a
      set is_attributed = true
      from json_populate_recordset(null::redemption_days, ${records(newDays)}::text::json) r
      where a.partner_id = r.partner_id and a.member_id = r.member_id
        and a.day between r.day and r.day + ${ATTRIBUTION_DAYS}::int
        and not a.is_attributed
      returning a.partner_id, a.day, a.club_id, a.currency, a.purchases, a.revenue_minor
    )
    select partner_id, day, club_id, currency, sum(purchases)::bigint as purchases, sum(revenue_minor)::bigint as revenue_minor
    from moved
    group by partner_id, day, club_id, currency
  `;
}

/** Purchases counted earlier that turn out to be made after the member's first redemption. */
export async function sumReclassified(
  tx: Tx,
  { newFirsts, fresh }: { newFirsts: readonly FirstRedemption[]; fresh: readonly Fact[] },
): Promise<Moved[]> {
  return tx<Moved[]>`
    select f.partner_id, f.day, f.club_id, f.currency, count(*) as purchases, sum(f.purchase_minor)::bigint as revenue_minor
    from json_to_recordset(${records(newFirsts)}::text::json)
      as n (partner_id uuid, member_id uuid, occurred_at timestamptz, previous_at timestamptz)
    join facts f using (partner_id, member_id)
    where f.event = 'staff_credited_points_for_purchase'
      and f.occurred_at > n.occurred_at
      and (n.previous_at is null or f.occurred_at <= n.previous_at)
      and f.transaction_id <> all(${fresh.map(({ transactionId }) => transactionId)}::uuid[])
    group by f.partner_id, f.day, f.club_id, f.currency
  `;
}

export async function addActivity(tx: Tx, deltas: readonly ActivityDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx`
    insert into activity (partner_id, day, club_id, card_id, member_id, currency, purchases, redemptions, revenue_minor,
      is_attributed)
    select partner_id, day, club_id, card_id, member_id, currency, purchases, redemptions, revenue_minor, is_attributed
    from json_populate_recordset(null::activity, ${records(deltas)}::text::json)
    on conflict (partner_id, day, club_id, card_id, member_id) do update
    set purchases = activity.purchases + excluded.purchases,
      redemptions = activity.redemptions + excluded.redemptions,
      revenue_minor = activity.revenue_minor + excluded.revenue_minor,
      is_attributed = activity.is_attributed or excluded.is_attributed
  `;
}

export async function addDaily(tx: Tx, deltas: readonly DailyDelta[]): Promise<void> {
  await tx`
    insert into daily (partner_id, day, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued,
      points_redeemed, points_expired, after_purchases, after_minor)
    select partner_id, day, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued,
      points_redeemed, points_expired, after_purchases, after_minor
    from json_populate_recordset(null::daily, ${records(deltas)}::text::json)
    on conflict (partner_id, day, club_id, currency) do update
    set purchases = daily.purchases + excluded.purchases,
      revenue_minor = daily.revenue_minor + excluded.revenue_minor,
      attributed_minor = daily.attributed_minor + excluded.attributed_minor,
      points_issued = daily.points_issued + excluded.points_issued,
      points_redeemed = daily.points_redeemed + excluded.points_redeemed,
      points_expired = daily.points_expired + excluded.points_expired,
      after_purchases = daily.after_purchases + excluded.after_purchases,
      after_minor = daily.after_minor + excluded.after_minor
  `;
}

export async function addMonthly(tx: Tx, deltas: readonly DailyDelta[]): Promise<void> {
  await tx`
    insert into monthly (partner_id, month, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued,
      points_redeemed, points_expired, after_purchases, after_minor)
    select partner_id, date_trunc('month', day)::date as month, club_id, currency, sum(purchases), sum(revenue_minor),
      sum(attributed_minor), sum(points_issued), sum(points_redeemed), sum(points_expired), sum(after_purchases), sum(after_minor)
    from json_populate_recordset(null::daily, ${records(deltas)}::text::json)
    group by partner_id, month, club_id, currency
    order by partner_id, month, club_id, currency
    on conflict (partner_id, month, club_id, currency) do update
    set purchases = monthly.purchases + excluded.purchases,
      revenue_minor = monthly.revenue_minor + excluded.revenue_minor,
      attributed_minor = monthly.attributed_minor + excluded.attributed_minor,
      points_issued = monthly.points_issued + excluded.points_issued,
      points_redeemed = monthly.points_redeemed + excluded.points_redeemed,
      points_expired = monthly.points_expired + excluded.points_expired,
      after_purchases = monthly.after_purchases + excluded.after_purchases,
      after_minor = monthly.after_minor + excluded.after_minor
  `;
}

export async function addLifetime(tx: Tx, deltas: readonly DailyDelta[]): Promise<void> {
  await tx`
    insert into lifetime (partner_id, club_id, points_issued, points_redeemed)
    select partner_id, club_id, sum(points_issued)::bigint, sum(points_redeemed)::bigint
    from json_populate_recordset(null::daily, ${records(deltas)}::text::json)
    group by partner_id, club_id
    order by partner_id, club_id
    on conflict (partner_id, club_id) do update
    set points_issued = lifetime.points_issued + excluded.points_issued,
      points_redeemed = lifetime.points_redeemed + excluded.points_redeemed
  `;
}

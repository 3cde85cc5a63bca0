import type { Tx } from '@punchcard/database';
import type { UtcDelta } from './sums-rules.ts';

/** Adds to the sums of UTC days, rows in the order of their keys. */
export async function addUtcDaily(tx: Tx, deltas: readonly UtcDelta[]): Promise<void> {
  const column = <K extends keyof UtcDelta>(name: K) => deltas.map((delta) => delta[name]);
  await tx`
    insert into utc_daily (partner_id, day, currency, purchases, redemptions, revenue_minor, points_issued, points_redeemed,
      points_expired)
    select partner_id, day, currency, purchases, redemptions, revenue_minor, points_issued, points_redeemed, points_expired
    from unnest(
      ${column('partnerId')}::uuid[], ${column('day')}::date[], ${column('currency')}::text[],
      ${column('purchases')}::bigint[], ${column('redemptions')}::bigint[], ${column('revenueMinor')}::bigint[],
      ${column('pointsIssued')}::bigint[], ${column('pointsRedeemed')}::bigint[], ${column('pointsExpired')}::bigint[]
    ) as u (partner_id, day, currency, purchases, redemptions, revenue_minor, points_issued, points_redeemed, points_expired)
    order by partner_id, day, currency
    on conflict (partner_id, day, currency) do update
    set purchases = utc_daily.purchases + excluded.purchases,
      redemptions = utc_daily.redemptions + excluded.redemptions,
      revenue_minor = utc_daily.revenue_minor + excluded.revenue_minor,
      points_issued = utc_daily.points_issued + excluded.points_issued,
      points_redeemed = utc_daily.points_redeemed + excluded.points_redeemed,
      points_expired = utc_daily.points_expired + excluded.points_expired
  `;
}

export interface Registration {
  partnerId: string;
  registeredAt: Date;
  /** When the member was anonymised, if that is news. */
  departedAt: Date | null;
  isNew: boolean;
}

/** Counts a registration, that one was anonymised, both on the UTC day of the registration, and on which day one was anonymised. */
export async function countRegistration(tx: Tx, change: Registration): Promise<void> {
  const { partnerId, registeredAt, departedAt, isNew } = change;
  await tx`
    insert into registrations (partner_id, day, registered, anonymised, departed)
    select partner_id, day, sum(registered), sum(anonymised), sum(departed)
    from (
      values
        (${partnerId}::uuid, ${utcDay(registeredAt)}::date, ${Number(isNew)}::bigint, ${Number(departedAt !== null)}::bigint, 0),
        (${partnerId}, ${utcDay(departedAt ?? registeredAt)}, 0, 0, ${Number(departedAt !== null)}::bigint)
    ) as changes (partner_id, day, registered, anonymised, departed)
    group by partner_id, day
    order by partner_id, day
    on conflict (partner_id, day) do update
    set registered = registrations.registered + excluded.registered,
      anonymised = registrations.anonymised + excluded.anonymised,
      departed = registrations.departed + excluded.departed
  `;
}

const utcDay = (at: Date): string => at.toISOString().slice(0, 10);

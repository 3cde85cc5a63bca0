-- Sums of a UTC day, for the platform.
create table utc_daily (
  partner_id uuid not null,
  day date not null,
  currency text not null,
  purchases bigint not null,
  redemptions bigint not null,
  revenue_minor bigint not null,
  points_issued bigint not null,
  points_redeemed bigint not null,
  points_expired bigint not null,
  primary key (partner_id, day, currency)
);
create index utc_daily_by_day on utc_daily (day);
insert into utc_daily (partner_id, day, currency, purchases, redemptions, revenue_minor, points_issued, points_redeemed, points_expired)
select partner_id, (occurred_at at time zone 'UTC')::date, currency,
  count(*) filter (where event = 'staff_credited_points_for_purchase'),
  count(*) filter (where event in ('staff_redeemed_points_for_reward', 'member_redeemed_points_for_reward')),
  coalesce(sum(purchase_minor) filter (where event = 'staff_credited_points_for_purchase'), 0),
  coalesce(sum(points) filter (where points > 0), 0),
  coalesce(-sum(points) filter (where event in ('staff_redeemed_points_for_reward', 'member_redeemed_points_for_reward')), 0),
  coalesce(-sum(points) filter (where event = 'points_expired'), 0)
from facts
group by 1, 2, 3;

-- Members by the UTC day of their registration; `anonymised`: how many of these are by now.
create table registrations (
  partner_id uuid not null,
  day date not null,
  registered bigint not null,
  anonymised bigint not null,
  primary key (partner_id, day)
);
insert into registrations (partner_id, day, registered, anonymised)
select partner_id, (registered_at at time zone 'UTC')::date, count(*), count(anonymised_at)
from members
group by 1, 2;

-- More of the partners' state. What came before is read again from the beginning of its topic; the defaults last until then.
alter table partners
  add column tier text not null default 'standard',
  add column network_id uuid,
  add column is_deleted boolean not null default false,
  add column created_at timestamptz not null default 'epoch';
alter table partners
  alter column tier drop default,
  alter column is_deleted drop default,
  alter column created_at drop default;
update partners set sequence = 0;
delete from applied_offsets where topic = 'partners';
truncate inbox;

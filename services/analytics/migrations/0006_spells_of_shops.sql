-- Distinct members and accounts of a partner, and of each of its shops, as sums over spells (ADR 13), so that no figure of the overview
-- reads what each member did. In place of `account_spells`, which the next release drops.
--
-- What an older release counts after this is not in these tables: stop it first, its events wait in their topics.

-- `accounts`: member and card, with a purchase or redemption. `buyers`: members with a purchase, in any shop.
create table partner_spells (
  partner_id uuid not null,
  next_day date not null,
  day date not null,
  accounts bigint not null,
  buyers bigint not null,
  primary key (partner_id, next_day, day)
);

-- Of one shop; `visitors`: members with a purchase or redemption there, `buyers`: with a purchase there.
create table shop_spells (
  partner_id uuid not null,
  club_id uuid not null,
  next_day date not null,
  day date not null,
  accounts bigint not null,
  visitors bigint not null,
  buyers bigint not null,
  primary key (partner_id, club_id, next_day, day)
);

insert into shop_spells (partner_id, club_id, next_day, day, accounts, visitors, buyers)
select partner_id, club_id, next_day, day, sum(accounts), sum(visitors), sum(buyers)
from (
  select partner_id, club_id, day, 1 as accounts, 0 as visitors, 0 as buyers,
    coalesce(lead(day) over (partition by partner_id, member_id, card_id order by day), 'infinity') as next_day
  from activity
  union all
  select partner_id, club_id, day, 0, 1, 0,
    coalesce(lead(day) over (partition by partner_id, club_id, member_id order by day), 'infinity')
  from (select distinct partner_id, club_id, member_id, day from activity) days
  union all
  select partner_id, club_id, day, 0, 0, 1,
    coalesce(lead(day) over (partition by partner_id, club_id, member_id order by day), 'infinity')
  from (select distinct partner_id, club_id, member_id, day from activity where purchases > 0) days
) spells
group by partner_id, club_id, next_day, day;

insert into partner_spells (partner_id, next_day, day, accounts, buyers)
select partner_id, next_day, day, sum(accounts), sum(buyers)
from (
  select partner_id, next_day, day, accounts, 0 as buyers
  from shop_spells
  where accounts <> 0
  union all
  select partner_id, coalesce(lead(day) over (partition by partner_id, member_id order by day), 'infinity'), day, 0, 1
  from (select distinct partner_id, member_id, day from activity where purchases > 0) days
) spells
group by partner_id, next_day, day;

-- `daily` by month, so that a year of a hundred shops is read from some thousand rows.
create table monthly (
  partner_id uuid not null,
  month date not null,
  club_id uuid not null,
  currency text not null,
  purchases bigint not null,
  revenue_minor bigint not null,
  attributed_minor bigint not null,
  points_issued bigint not null,
  points_redeemed bigint not null,
  points_expired bigint not null,
  after_purchases bigint not null,
  after_minor bigint not null,
  primary key (partner_id, month, club_id, currency)
);
insert into monthly (partner_id, month, club_id, currency, purchases, revenue_minor, attributed_minor, points_issued, points_redeemed,
  points_expired, after_purchases, after_minor)
select partner_id, date_trunc('month', day)::date, club_id, currency, sum(purchases), sum(revenue_minor), sum(attributed_minor),
  sum(points_issued), sum(points_redeemed), sum(points_expired), sum(after_purchases), sum(after_minor)
from daily
group by 1, 2, 3, 4;

-- One index finds the days around one of a member, in a shop or on a card, without reading the others' rows.
drop index activity_of_member, activity_of_account;
create index activity_of_member on activity (partner_id, member_id, day, club_id, card_id);

-- `departed`: members anonymised on this UTC day, whenever they registered. Customers as of an instant are those registered less those
-- departed on the days before, and the members of a part of one day. The default is for the release before this one.
update members set anonymised_at = registered_at where anonymised_at < registered_at;
alter table registrations add column departed bigint not null default 0;
insert into registrations (partner_id, day, registered, anonymised, departed)
select partner_id, (anonymised_at at time zone 'UTC')::date, 0, 0, count(*)
from members
where anonymised_at is not null
group by 1, 2
on conflict (partner_id, day) do update set departed = excluded.departed;
create index members_by_anonymisation on members (partner_id, anonymised_at) where anonymised_at is not null;

-- Nothing has read or written these since 0003.
drop table accounts, accounts_by_last_day;

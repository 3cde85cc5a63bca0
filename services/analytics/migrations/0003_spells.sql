-- A spell begins on a day on which something happened and lasts until the next such day, `infinity` when there is none yet. Who had
-- one of a range of days has exactly one spell that begins in the range and ends after it: distinct accounts and members are counted
-- by adding, for any range.

-- Spells of accounts (member and card), in the partner's days. In place of `accounts` and `accounts_by_last_day`, which the next
-- release drops.
create table account_spells (
  partner_id uuid not null,
  next_day date not null,
  day date not null,
  club_id uuid not null,
  accounts bigint not null,
  primary key (partner_id, next_day, day, club_id)
);
insert into account_spells (partner_id, next_day, day, club_id, accounts)
select partner_id, next_day, day, club_id, count(*)
from (
  select partner_id, day, club_id,
    coalesce(lead(day) over (partition by partner_id, member_id, card_id order by day), 'infinity') as next_day
  from activity
) spells
group by partner_id, next_day, day, club_id;

-- For the platform days are UTC: on which a member bought or redeemed, and the spells of members.
create table member_days (
  partner_id uuid not null,
  member_id uuid not null,
  day date not null,
  primary key (partner_id, member_id, day)
);
insert into member_days (partner_id, member_id, day)
select distinct partner_id, member_id, (occurred_at at time zone 'UTC')::date
from facts
where event in (
  'staff_credited_points_for_purchase', 'staff_redeemed_points_for_reward', 'member_redeemed_points_for_reward'
);

create table member_spells (
  partner_id uuid not null,
  next_day date not null,
  day date not null,
  members bigint not null,
  primary key (partner_id, next_day, day)
);
create index member_spells_by_end on member_spells (next_day, day);
insert into member_spells (partner_id, next_day, day, members)
select partner_id, next_day, day, count(*)
from (
  select partner_id, day,
    coalesce(lead(day) over (partition by partner_id, member_id order by day), 'infinity') as next_day
  from member_days
) spells
group by partner_id, next_day, day;

-- Finds the days around one of an account.
create index activity_of_account on activity (partner_id, member_id, card_id, day);

-- Every purchase and redemption, once; a member's own line of time. Days are the partner's.
create table facts (
  partner_id uuid not null,
  member_id uuid not null,
  occurred_at timestamptz not null,
  transaction_id uuid not null,
  day date not null,
  card_id uuid not null,
  club_id uuid not null,
  event text not null,
  points bigint not null,
  purchase_minor bigint,
  currency text not null,
  primary key (partner_id, member_id, occurred_at, transaction_id)
);

-- One row a member, card and day on which something happened: what distinct members are counted from.
create table activity (
  partner_id uuid not null,
  day date not null,
  club_id uuid not null,
  card_id uuid not null,
  member_id uuid not null,
  currency text not null,
  purchases bigint not null,
  redemptions bigint not null,
  revenue_minor bigint not null,
  is_attributed boolean not null,
  primary key (partner_id, day, club_id, card_id, member_id)
);
create index activity_of_member on activity (partner_id, member_id, day);

-- Sums of a day, shop and currency. `after_…`: purchases after the member's first redemption, `before_…`: the others.
create table daily (
  partner_id uuid not null,
  day date not null,
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
  primary key (partner_id, day, club_id, currency)
);

-- The same points over all days, so that a lifetime is one row a shop.
create table lifetime (
  partner_id uuid not null,
  club_id uuid not null,
  points_issued bigint not null,
  points_redeemed bigint not null,
  primary key (partner_id, club_id)
);

-- What decides on attribution: on which days a member redeemed, and when first.
create table redemption_days (
  partner_id uuid not null,
  member_id uuid not null,
  day date not null,
  primary key (partner_id, member_id, day)
);
create table first_redemptions (
  partner_id uuid not null,
  member_id uuid not null,
  occurred_at timestamptz not null,
  primary key (partner_id, member_id)
);

-- The last day of each account (member and card), and how many accounts have theirs on a day.
create table accounts (
  partner_id uuid not null,
  member_id uuid not null,
  card_id uuid not null,
  club_id uuid not null,
  last_day date not null,
  primary key (partner_id, member_id, card_id)
);
create table accounts_by_last_day (
  partner_id uuid not null,
  last_day date not null,
  club_id uuid not null,
  accounts bigint not null,
  primary key (partner_id, last_day, club_id)
);

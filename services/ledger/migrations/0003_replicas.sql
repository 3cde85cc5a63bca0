-- Copies of others' reference data: the newest state by `sequence`. To rebuild one, empty it and read its topic from the start.

create table partners (
  partner_id uuid primary key,
  time_zone text not null,
  locale text not null,
  sequence bigint not null
);

create table clubs (
  partner_id uuid not null,
  club_id uuid not null,
  is_active boolean not null,
  sequence bigint not null,
  primary key (partner_id, club_id)
);

create table cards (
  partner_id uuid not null,
  card_id uuid not null,
  club_id uuid not null,
  is_active boolean not null,
  issue_date timestamptz not null,
  expiration_date timestamptz,
  currency text not null,
  currency_unit_minor bigint not null,
  points_per_currency bigint not null,
  round_points_up boolean not null,
  min_purchase_minor bigint,
  min_points_per_purchase bigint,
  max_points_per_purchase bigint,
  initial_bonus_points bigint not null,
  points_expiration_months int,
  points_expiration_rounding text not null,
  pending_days int not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, card_id)
);

create table rewards (
  partner_id uuid not null,
  reward_id uuid not null,
  card_ids uuid[] not null,
  name text not null,
  titles jsonb not null,
  points bigint not null,
  is_active boolean not null,
  active_from timestamptz,
  expiration_date timestamptz,
  max_number_to_redeem bigint,
  max_per_member bigint,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, reward_id)
);

create table tiers (
  partner_id uuid not null,
  tier_id uuid not null,
  -- The club whose ladder it is on; the nil UUID = partner-wide.
  scope_id uuid not null,
  name text not null,
  points_threshold bigint not null,
  multiplier_bp int not null,
  redemption_discount_bp int not null,
  is_default boolean not null,
  is_active boolean not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, tier_id)
);
create index tiers_of_ladder on tiers (partner_id, scope_id);

-- Ladders whose members are to be placed anew, up to the member that is done.
create table ladder_changes (
  partner_id uuid not null,
  scope_id uuid not null,
  after_member_id uuid not null,
  primary key (partner_id, scope_id)
);

create table members (
  partner_id uuid not null,
  member_id uuid not null,
  is_anonymised boolean not null,
  sequence bigint not null,
  primary key (partner_id, member_id)
);

-- How members are found: by id (plain) or by a keyed hash of e-mail, unique identifier or member number.
create table member_identifiers (
  partner_id uuid not null,
  identifier text not null,
  member_id uuid not null,
  kind text not null,
  -- False only for the id of an anonymised member, whose points still expire.
  is_findable boolean not null,
  primary key (partner_id, identifier, member_id)
);
create index member_identifiers_of_member on member_identifiers (partner_id, member_id);

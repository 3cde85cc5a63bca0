-- Amounts in minor units of `currency`. Texts: locale > text. `search_key`: what a search looks in, with its case folded.
create table cards (
  partner_id uuid not null,
  card_id uuid not null,
  club_id uuid not null,
  unique_identifier text not null,
  name text not null,
  search_key text not null,
  head jsonb,
  title jsonb,
  description jsonb,
  issue_date timestamptz not null,
  expiration_date timestamptz,
  currency text not null,
  currency_unit_minor bigint not null check (currency_unit_minor > 0),
  points_per_currency bigint not null,
  round_points_up boolean not null,
  min_purchase_minor bigint,
  min_points_per_purchase bigint,
  max_points_per_purchase bigint,
  initial_bonus_points bigint not null,
  points_expiration_months int,
  points_expiration_rounding text not null,
  pending_days int not null,
  reversal_policy text not null,
  is_active boolean not null,
  is_visible_by_default boolean not null,
  bg_color text,
  text_color text,
  bg_color_opacity int not null,
  bg_image_url text,
  logo_url text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, card_id),
  foreign key (partner_id, club_id) references clubs,
  check (expiration_date > issue_date),
  check (max_points_per_purchase >= min_points_per_purchase)
);
create unique index cards_unique_identifier on cards (partner_id, unique_identifier);
create index cards_newest on cards (partner_id, created_at desc, card_id desc);
create index cards_of_club on cards (partner_id, club_id);

create table rewards (
  partner_id uuid not null,
  reward_id uuid not null,
  name text not null,
  search_key text not null,
  title jsonb,
  description jsonb,
  points bigint not null check (points > 0),
  is_active boolean not null,
  active_from timestamptz,
  expiration_date timestamptz,
  max_number_to_redeem bigint,
  max_per_member bigint,
  reward_type text not null,
  images jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, reward_id),
  check (expiration_date > active_from)
);
create index rewards_newest on rewards (partner_id, created_at desc, reward_id desc);

-- On which cards a reward can be redeemed. Both sides show their set in the order in which it was sent.
create table card_rewards (
  partner_id uuid not null,
  reward_id uuid not null,
  card_id uuid not null,
  card_position int not null,
  reward_position int not null,
  primary key (partner_id, reward_id, card_id),
  foreign key (partner_id, reward_id) references rewards,
  foreign key (partner_id, card_id) references cards
);
create index card_rewards_of_card on card_rewards (partner_id, card_id);

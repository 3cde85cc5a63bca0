-- A ladder is the tiers of one club, or with `club_id` null those of the whole partner. Rates in basis points.
create table tiers (
  partner_id uuid not null,
  tier_id uuid not null,
  club_id uuid,
  name text not null,
  name_key text not null,
  display_name jsonb,
  description jsonb,
  level int not null,
  points_threshold bigint not null,
  multiplier_bp int not null,
  redemption_discount_bp int not null,
  icon text,
  color text,
  is_default boolean not null,
  is_active boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, tier_id),
  foreign key (partner_id, club_id) references clubs,
  check (is_active or not is_default)
);
create unique index tiers_name on tiers (partner_id, club_id, name_key) nulls not distinct;
create unique index tiers_level on tiers (partner_id, club_id, level) nulls not distinct;
create unique index tiers_points_threshold on tiers (partner_id, club_id, points_threshold) nulls not distinct;
create unique index tiers_default on tiers (partner_id, club_id) nulls not distinct where is_default;

-- Amounts in minor units of `currency`. Texts: locale > text.
create table stamp_cards (
  partner_id uuid not null,
  stamp_card_id uuid not null,
  club_id uuid not null,
  name text not null,
  search_key text not null,
  title jsonb not null,
  description jsonb,
  reward_title jsonb,
  reward_description jsonb,
  stamps_required int not null,
  stamps_per_purchase int not null,
  min_purchase_minor bigint,
  currency text not null,
  max_stamps_per_transaction int,
  max_stamps_per_day int,
  stamps_expire_days int,
  reward_points bigint,
  reward_card_id uuid,
  requires_physical_claim boolean not null,
  valid_from timestamptz,
  valid_until timestamptz,
  is_active boolean not null,
  is_visible_by_default boolean not null,
  stamp_icon text,
  bg_color text,
  text_color text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, stamp_card_id),
  foreign key (partner_id, club_id) references clubs,
  foreign key (partner_id, reward_card_id) references cards (partner_id, card_id),
  check (valid_until > valid_from),
  check (reward_points is null or reward_card_id is not null),
  check (requires_physical_claim or reward_points is not null)
);
create index stamp_cards_newest on stamp_cards (partner_id, created_at desc, stamp_card_id desc);
create index stamp_cards_of_club on stamp_cards (partner_id, club_id);
create index stamp_cards_of_reward_card on stamp_cards (partner_id, reward_card_id) where reward_card_id is not null;

-- A deletion of the card has begun: the ledger may have closed it already, so nothing new may pay points onto it.
alter table cards add column is_closing boolean not null default false;

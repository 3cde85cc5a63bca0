-- Stamps: how far a member is on a stamp card, and every event that led there.

-- A copy of the catalog's, as those of 0003.
create table stamp_cards (
  partner_id uuid not null,
  stamp_card_id uuid not null,
  club_id uuid not null,
  titles jsonb not null,
  descriptions jsonb,
  reward_titles jsonb,
  reward_descriptions jsonb,
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
  is_deleted boolean not null,
  created_at timestamptz not null,
  sequence bigint not null,
  primary key (partner_id, stamp_card_id)
);

-- Whoever writes holds its row lock, after that of the member's standing. Room on the page: it changes with each stamp.
create table stamp_progress (
  partner_id uuid not null,
  member_id uuid not null,
  stamp_card_id uuid not null,
  -- Stamps on the card that was begun, in the order given: [{ event, stamps, expires_at }]; fewer than it requires. Those that
  -- expired stay until something is booked: who reads leaves them out.
  open_stamps jsonb not null,
  -- Of the card that was begun; null = none is.
  stamps_required int,
  completed_count bigint not null,
  pending_rewards bigint not null check (pending_rewards >= 0),
  seq bigint not null,
  last_stamp_at timestamptz,
  -- Of the last event; the next is not dated before it.
  last_event_at timestamptz not null,
  -- The partner's day of the last stamps, and how many were given on it.
  day text,
  day_stamps int not null,
  created_at timestamptz not null,
  primary key (partner_id, member_id, stamp_card_id)
) with (fillfactor = 70);
create index stamp_progress_pending on stamp_progress (partner_id, stamp_card_id) where pending_rewards > 0;

create table stamp_events (
  partner_id uuid not null,
  stamp_event_id uuid not null,
  member_id uuid not null,
  stamp_card_id uuid not null,
  club_id uuid not null,
  -- added, expired or redeemed. A reference is unique in it.
  kind text not null,
  seq bigint not null,
  -- Given, or (negative) expired.
  stamps int not null,
  -- That completed cards used up.
  stamps_used int not null,
  stamps_after int not null check (stamps_after >= 0),
  -- Of the card that is begun after it; null = none.
  stamps_required int,
  completions int not null,
  completed_after bigint not null,
  -- Rewards that began to wait, or (-1) one that was handed out.
  rewards int not null,
  pending_after bigint not null check (pending_after >= 0),
  -- Paid by completed cards, and the entry that did.
  points bigint not null,
  transaction_id uuid,
  -- Of the stamps that were given.
  expires_at timestamptz,
  -- As it was sent; null = as many as the stamp card gives.
  asked_stamps int,
  purchase_minor bigint,
  staff_id uuid,
  note text,
  reference text,
  -- As it was sent, for a repeat of the reference; null without one.
  answer json,
  -- Of what was announced; null for an expiry, and without a completed card.
  event_id uuid,
  completed_event_id uuid,
  created_at timestamptz not null,
  primary key (partner_id, stamp_event_id),
  -- Two processes that begin one card at once meet here, if not at its lock.
  constraint stamp_events_seq unique (partner_id, member_id, stamp_card_id, seq)
);
create unique index stamp_events_reference on stamp_events (partner_id, kind, reference) where reference is not null;

create function refuse_stamp_change() returns trigger language plpgsql as $$
begin
  raise exception 'stamp events are append-only';
end $$;
create trigger stamp_events_append_only before update or delete on stamp_events
  for each row execute function refuse_stamp_change();

-- Stamp cards that nobody books on any more; their deletion is under way or done.
create table closed_stamp_cards (
  partner_id uuid not null,
  stamp_card_id uuid not null,
  closed_at timestamptz not null,
  primary key (partner_id, stamp_card_id)
);

-- The books. An account is a member on a card; whoever writes holds the row lock of the member's standing, then of the account.

create table entries (
  partner_id uuid not null,
  transaction_id uuid not null,
  -- Order of insertion over all partners, for the export. Never shown.
  position bigint generated always as identity,
  member_id uuid not null,
  card_id uuid not null,
  club_id uuid not null,
  -- What booked it: purchase, redeem, bonus, expiry. A reference is unique in it.
  kind text not null,
  event text not null,
  points bigint not null,
  seq bigint not null,
  balance_after bigint not null check (balance_after >= 0),
  event_id uuid not null,
  currency text not null,
  purchase_minor bigint,
  reward_id uuid,
  staff_id uuid,
  reference text,
  note text,
  breakdown jsonb,
  items jsonb,
  -- As it was sent, for a repeat of the reference; null without one.
  answer json,
  -- Entries made by one call.
  group_id uuid,
  -- Of the lot that it opened. The lot has the id of its entry.
  activates_at timestamptz,
  expires_at timestamptz,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  primary key (partner_id, transaction_id),
  -- Two processes that book on one account at once meet here, if not at its lock.
  constraint entries_seq unique (partner_id, member_id, card_id, seq)
);
create unique index entries_reference on entries (partner_id, kind, reference) where reference is not null;
create index entries_position on entries (position);
-- One for each filter of the list, newest first.
create index entries_newest on entries (partner_id, created_at, transaction_id);
create index entries_of_card on entries (partner_id, card_id, created_at, transaction_id);
create index entries_of_club on entries (partner_id, club_id, created_at, transaction_id);
create index entries_of_event on entries (partner_id, event, created_at, transaction_id);
create index entries_of_staff on entries (partner_id, staff_id, created_at, transaction_id) where staff_id is not null;
create index entries_pending on entries (partner_id, activates_at) where activates_at is not null;
create index entries_of_reward on entries (partner_id, reward_id) where reward_id is not null;

-- No rule of the business, only a bolt: a correction is a new entry.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'entries are append-only';
end $$;
create trigger entries_append_only before update or delete on entries execute function refuse_change();

-- Room on the page: balance and seq change with each entry, and no index has them.
create table accounts (
  partner_id uuid not null,
  member_id uuid not null,
  card_id uuid not null,
  club_id uuid not null,
  currency text not null,
  balance bigint not null check (balance >= 0),
  seq bigint not null,
  -- Whether the welcome bonus is past.
  has_purchased boolean not null,
  -- Of the last entry; the next is not dated before it.
  last_entry_at timestamptz not null,
  primary key (partner_id, member_id, card_id)
) with (fillfactor = 70);
create index accounts_of_card on accounts (partner_id, card_id);

-- What counts for a member over all cards. The first lock of every write.
create table member_standings (
  partner_id uuid not null,
  member_id uuid not null,
  -- Points earned in all, of lots that became active.
  lifetime_points bigint not null check (lifetime_points >= 0),
  -- Where the partner-wide ladder placed the member last; null = not yet, or no ladder.
  tier_id uuid,
  -- Club id > { lifetime_points, tier_id }, over the cards of that club.
  clubs jsonb not null,
  -- Reward id > times redeemed.
  uses jsonb not null,
  -- Moves on any ladder so far: the sequence of their events.
  tier_moves bigint not null,
  primary key (partner_id, member_id)
) with (fillfactor = 70);

-- What is limited over all members. There is one for each reward that has or had a limit; others lock nothing.
create table counters (
  partner_id uuid not null,
  kind text not null,
  id uuid not null,
  used bigint not null check (used >= 0),
  primary key (partner_id, kind, id)
) with (fillfactor = 70);

-- Cards that nobody books on any more; their deletion is under way or done.
create table closed_cards (
  partner_id uuid not null,
  card_id uuid not null,
  closed_at timestamptz not null,
  primary key (partner_id, card_id)
);

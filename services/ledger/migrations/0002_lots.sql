-- Points that were earned together: a credit opens one, debits use them up, earliest expiry first.

create table lots (
  partner_id uuid not null,
  member_id uuid not null,
  card_id uuid not null,
  -- The transaction that opened it.
  lot_id uuid not null,
  points bigint not null check (points > 0),
  remaining bigint not null check (remaining between 0 and points),
  earned_at timestamptz not null,
  -- Null = active from the beginning.
  activates_at timestamptz,
  expires_at timestamptz,
  -- Whether its points are in the member's lifetime points: not before it became active.
  is_counted boolean not null,
  primary key (partner_id, member_id, card_id, lot_id)
);
-- In the order in which they are spent.
create index lots_open on lots (partner_id, member_id, card_id, expires_at, earned_at, lot_id) where remaining > 0;
create index lots_asleep on lots (partner_id, member_id, activates_at) where not is_counted and remaining > 0;
-- For the sweep, over all partners.
create index lots_due on lots (expires_at) where remaining > 0;
create index lots_waking on lots (activates_at) where not is_counted and remaining > 0;

create table lot_spends (
  partner_id uuid not null,
  transaction_id uuid not null,
  lot_id uuid not null,
  points bigint not null check (points > 0),
  primary key (partner_id, transaction_id, lot_id)
);
create index lot_spends_of_lot on lot_spends (partner_id, lot_id);

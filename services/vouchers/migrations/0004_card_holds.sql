-- Cards that the catalog is about to delete: until it says what became of them no voucher pays onto them. The last holder's id counts, and its release ends earlier ones.
create table card_holds (
  partner_id uuid not null,
  card_id uuid not null,
  hold_id uuid not null,
  held_until timestamptz not null,
  primary key (partner_id, card_id)
);
-- For the question of the catalog; most vouchers give no points.
create index vouchers_of_cards on vouchers (partner_id, reward_card_id) where deleted_at is null and reward_card_id is not null;

-- What callers were told stays; this is whether the ledger has said since what became of points that they were told are queued.
alter table redemptions add column is_settled boolean not null default false;
create index redemptions_unsettled on redemptions (partner_id, card_id)
  where points_status in ('undecided', 'queued') and not is_settled;

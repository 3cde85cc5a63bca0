-- Tiers that the catalog is about to delete: until then no voucher targets them. The last holder's id counts.
create table tier_holds (
  partner_id uuid not null,
  tier_id uuid not null,
  hold_id uuid not null,
  held_until timestamptz not null,
  primary key (partner_id, tier_id)
);
-- For the question of the catalog; most vouchers are for everybody.
create index vouchers_of_tiers on vouchers (partner_id) where deleted_at is null and target_tiers <> '{}';

-- How many vouchers a partner has, with those that batches under way will make: what its limit counts. Its row is the lock
-- under which vouchers come and go.
create table voucher_counts (
  partner_id uuid primary key,
  vouchers bigint not null check (vouchers >= 0)
);

-- Many codes from one template. `template`: fields of a voucher as this service writes them, with their defaults. A batch that
-- is queued or running is its own entry in the queue; whoever holds its row makes its codes.
create table voucher_batches (
  partner_id uuid not null,
  batch_id uuid not null,
  name text not null,
  status text not null check (status in ('queued', 'running', 'completed', 'failed')),
  count int not null check (count > 0),
  prefix text,
  pattern text not null,
  template jsonb not null,
  -- Null when the codes were made with the answer.
  job_id uuid,
  attempts int not null,
  -- When it may be tried again.
  due_at timestamptz not null,
  failure jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  primary key (partner_id, batch_id)
);
create index voucher_batches_queue on voucher_batches (due_at) where status in ('queued', 'running');

-- Amounts in minor units of `currency`. `value`: percent in hundredths, minor units or points, by the type; null for what has
-- none. `code` is in upper case. `version` counts the changes that were announced. The row is the lock of a redemption.
create table vouchers (
  partner_id uuid not null,
  voucher_id uuid not null,
  club_id uuid not null,
  code text not null,
  name text not null,
  search_key text not null,
  title jsonb,
  description jsonb,
  type text not null check (type in ('percentage', 'fixed_amount', 'free_product', 'free_shipping', 'bonus_points')),
  value bigint,
  currency text not null,
  min_purchase_minor bigint,
  max_discount_minor bigint,
  free_product text,
  reward_card_id uuid,
  valid_from timestamptz,
  valid_until timestamptz,
  max_uses_total bigint,
  max_uses_per_member bigint,
  target_tiers uuid[] not null,
  new_members_days int,
  first_order_only boolean not null,
  is_active boolean not null,
  is_visible_by_default boolean not null,
  times_used bigint not null,
  batch_id uuid,
  batch_position int,
  version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Deleted ones stay: redemptions and the figures of batches are about them.
  deleted_at timestamptz,
  primary key (partner_id, voucher_id),
  foreign key (partner_id, batch_id) references voucher_batches,
  check (valid_until > valid_from),
  check ((value is null) = (type in ('free_product', 'free_shipping'))),
  check ((reward_card_id is not null) = (type = 'bonus_points')),
  check ((batch_id is null) = (batch_position is null))
);
create unique index vouchers_code on vouchers (partner_id, code) where deleted_at is null;
create unique index vouchers_of_batch on vouchers (partner_id, batch_id, batch_position) where batch_id is not null;
create index vouchers_newest on vouchers (partner_id, created_at desc, voucher_id desc)
  where deleted_at is null and batch_id is null;
create index vouchers_of_club on vouchers (partner_id, club_id) where deleted_at is null;

-- Locked by the row of the voucher.
create table voucher_member_uses (
  partner_id uuid not null,
  voucher_id uuid not null,
  member_id uuid not null,
  uses bigint not null check (uses > 0),
  primary key (partner_id, voucher_id, member_id)
);

-- Append-only, but for `points_status`, which is decided once, and `note`, which goes when its member is anonymised.
-- `answer`: what the first request got. `points_status` null: no points; undecided: nobody was told yet.
create table redemptions (
  partner_id uuid not null,
  redemption_id uuid not null,
  voucher_id uuid not null,
  batch_id uuid,
  club_id uuid not null,
  member_id uuid not null,
  order_minor bigint,
  discount_minor bigint not null,
  currency text not null,
  points bigint not null,
  card_id uuid,
  points_status text check (points_status in ('undecided', 'booked', 'queued')),
  order_reference text,
  staff_id uuid,
  note text,
  answer jsonb not null,
  redeemed_at timestamptz not null,
  primary key (partner_id, redemption_id),
  foreign key (partner_id, voucher_id) references vouchers,
  check ((points > 0) = (points_status is not null))
);
create unique index redemptions_order_reference on redemptions (partner_id, voucher_id, order_reference)
  where order_reference is not null;
create index redemptions_of_member on redemptions (partner_id, member_id);

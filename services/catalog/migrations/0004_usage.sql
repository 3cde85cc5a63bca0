-- Sums of the ledger's events, for what is shown beside a reward or a tier. The ledger itself decides by its own counters.
create table reward_usage (
  partner_id uuid not null,
  reward_id uuid not null,
  redemptions bigint not null,
  primary key (partner_id, reward_id)
);

create table tier_usage (
  partner_id uuid not null,
  tier_id uuid not null,
  members bigint not null,
  primary key (partner_id, tier_id)
);

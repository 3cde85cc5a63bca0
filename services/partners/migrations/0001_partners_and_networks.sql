create table networks (
  network_id uuid primary key,
  name text not null,
  created_at timestamptz not null
);
create unique index networks_name on networks (lower(name));

create table partners (
  partner_id uuid primary key,
  name text not null,
  -- Taken for good, also when the partner is deleted.
  slug text not null constraint partners_slug unique,
  email text not null,
  phone text,
  tier text not null,
  status text not null,
  limited boolean not null,
  network_id uuid references networks,
  currency text not null,
  time_zone text not null,
  locale text not null,
  gates jsonb not null,
  is_deleted boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index partners_by_age on partners (created_at desc, partner_id desc) where not is_deleted;
create index partners_by_network on partners (network_id) where not is_deleted;

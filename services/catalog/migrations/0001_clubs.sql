-- Its row is locked by every change of a partner's clubs, cards, rewards and tiers: one change after the other, so that limits,
-- unique names and ladders are decided on what is there.
create table programmes (
  partner_id uuid primary key,
  changed_at timestamptz not null
);

-- A club of the Agent API and a shop of the Partner API are one row. `name_key`: the name with its case folded.
create table clubs (
  partner_id uuid not null,
  club_id uuid not null,
  name text not null,
  name_key text not null,
  description text,
  status text not null check (status in ('active', 'inactive', 'archived')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, club_id)
);
create unique index clubs_name on clubs (partner_id, name_key) where status <> 'archived';
create index clubs_newest on clubs (partner_id, created_at desc, club_id desc);

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

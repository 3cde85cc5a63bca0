create table clubs (
  partner_id uuid not null,
  club_id uuid not null,
  name text not null,
  is_deleted boolean not null,
  created_at timestamptz not null,
  sequence bigint not null,
  primary key (partner_id, club_id)
);

create table partners (
  partner_id uuid primary key,
  time_zone text not null,
  currency text not null,
  sequence bigint not null
);

create table members (
  partner_id uuid not null,
  member_id uuid not null,
  registered_at timestamptz not null,
  anonymised_at timestamptz,
  sequence bigint not null,
  primary key (partner_id, member_id)
);
create index members_by_registration on members (partner_id, registered_at) include (anonymised_at);

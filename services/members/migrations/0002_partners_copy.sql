-- Our copy of the partners, newest state.
create table partners (
  partner_id uuid primary key,
  name text not null,
  slug text not null,
  status text not null,
  locale text not null,
  time_zone text not null,
  gates jsonb not null,
  is_deleted boolean not null,
  sequence bigint not null
);
create index partners_slug on partners (slug);

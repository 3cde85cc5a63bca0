-- What exists of a partner elsewhere, from events: one row a thing, gone when it is deleted.
create table things (
  partner_id uuid not null,
  kind text not null,
  thing_id uuid not null,
  primary key (partner_id, kind, thing_id)
);
create index things_members on things (thing_id) where kind = 'members';

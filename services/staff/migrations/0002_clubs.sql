-- Our copy of the catalog's clubs, newest state.
create table clubs (
  partner_id uuid not null,
  club_id uuid not null,
  name text not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, club_id)
);

-- Clubs that the catalog is about to delete: until then nobody is put there. The last holder's id counts.
create table club_holds (
  partner_id uuid not null,
  club_id uuid not null,
  hold_id uuid not null,
  held_until timestamptz not null,
  primary key (partner_id, club_id)
);

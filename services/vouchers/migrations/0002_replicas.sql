-- Copies of others' reference data: the newest state by `sequence`. To rebuild one, empty it and read its topic from the start.

create table clubs (
  partner_id uuid not null,
  club_id uuid not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, club_id)
);

-- Clubs that the catalog is about to delete: until then no voucher is put there. The last holder's id counts.
create table club_holds (
  partner_id uuid not null,
  club_id uuid not null,
  hold_id uuid not null,
  held_until timestamptz not null,
  primary key (partner_id, club_id)
);

create table cards (
  partner_id uuid not null,
  card_id uuid not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, card_id)
);

create table tiers (
  partner_id uuid not null,
  tier_id uuid not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, tier_id)
);

create table staff (
  partner_id uuid not null,
  staff_id uuid not null,
  club_id uuid not null,
  is_active boolean not null,
  sequence bigint not null,
  primary key (partner_id, staff_id)
);

create table members (
  partner_id uuid not null,
  member_id uuid not null,
  registered_at timestamptz not null,
  is_anonymised boolean not null,
  sequence bigint not null,
  primary key (partner_id, member_id)
);

-- How members are found: by id (plain) or by a keyed hash of e-mail, unique identifier or member number.
create table member_identifiers (
  partner_id uuid not null,
  identifier text not null,
  member_id uuid not null,
  kind text not null,
  primary key (partner_id, identifier, member_id)
);
create index member_identifiers_of_member on member_identifiers (partner_id, member_id);

-- Our copy of who serves where. Deleted ones stay: what they booked shows their name.

create table staff (
  partner_id uuid not null,
  staff_id uuid not null,
  club_id uuid not null,
  display_name text not null,
  is_active boolean not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, staff_id)
);

-- The only place that holds personal data of staff. `email_key`, `search_key`: what is compared, with its case folded.
-- `password_hash` null: no login.
create table staff (
  partner_id uuid not null,
  staff_id uuid not null,
  name text not null,
  email text not null,
  email_key text not null,
  search_key text not null,
  password_hash text,
  locale text not null,
  time_zone text not null,
  avatar text,
  is_active boolean not null,
  number_of_times_logged_in int not null default 0,
  last_login_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, staff_id)
);
create unique index staff_email on staff (partner_id, email_key);
create index staff_newest on staff (partner_id, created_at desc, staff_id desc);

-- Where somebody serves, in their order: everybody has a place 0, which is the club that the Agent API shows.
create table staff_shops (
  partner_id uuid not null,
  staff_id uuid not null,
  position int not null check (position >= 0),
  club_id uuid not null,
  primary key (partner_id, staff_id, position),
  unique (partner_id, staff_id, club_id),
  foreign key (partner_id, staff_id) references staff on delete cascade
);
create index staff_shops_of_club on staff_shops (partner_id, club_id);

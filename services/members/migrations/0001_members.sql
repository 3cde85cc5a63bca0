-- The only place that holds members' personal data. Anonymised: state `anonymised`, every personal column null.
create table members (
  partner_id uuid not null,
  member_id uuid not null,
  state text not null default 'active',
  unique_identifier text,
  name text,
  email text,
  member_number text,
  phone text,
  birthday date,
  avatar text,
  locale text not null,
  time_zone text not null,
  is_anonymous boolean not null,
  accepted_terms_at timestamptz,
  -- { "email": { "allowed": true, "at": "…", "source": "join" }, … }
  communication_preferences jsonb not null,
  begin_card_id uuid,
  -- Keys that registration chose, oldest first: a repeat ends the earlier ones. Until one was given, every repeat may get one.
  join_key_ids uuid[] not null default '{}',
  join_key_given_at timestamptz,
  last_login_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (partner_id, member_id)
);
create unique index members_unique_identifier on members (partner_id, unique_identifier);
create unique index members_email on members (partner_id, lower(email));
create index members_member_number on members (partner_id, member_number) where member_number is not null;
create index members_by_age on members (partner_id, created_at desc, member_id desc) where state = 'active';

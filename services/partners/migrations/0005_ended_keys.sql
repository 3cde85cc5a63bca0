-- Keys of registrations that were replaced, perhaps before they were made.
create table ended_keys (
  partner_id uuid not null,
  key_id uuid not null,
  primary key (partner_id, key_id)
);

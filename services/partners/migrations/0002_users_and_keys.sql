create table users (
  partner_id uuid not null references partners,
  user_id uuid not null,
  role text not null,
  name text not null,
  email text not null,
  password_hash text not null,
  created_at timestamptz not null,
  primary key (partner_id, user_id)
);
create unique index users_email on users (partner_id, lower(email));

-- Keys of the Agent API. Admin keys stand under the nil UUID.
create table agent_keys (
  partner_id uuid not null,
  key_id uuid not null,
  role text not null,
  member_id uuid,
  name text not null,
  prefix text not null,
  hash text not null,
  scopes text[] not null,
  rate_limit int not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- The key that takes over from this one; during the overlap both count as one.
  rotated_to uuid,
  last_used_at timestamptz,
  created_at timestamptz not null,
  primary key (partner_id, key_id)
);
create unique index agent_keys_hash on agent_keys (hash);
create index agent_keys_by_id on agent_keys (key_id);
create index agent_keys_by_member on agent_keys (partner_id, member_id) where member_id is not null;

-- Key pairs of the Partner API. `shop_ids` null = all shops.
create table api_keys (
  partner_id uuid not null references partners,
  key_id uuid not null,
  name text not null,
  prefix text not null,
  key_hash text not null,
  secret_hash text not null,
  previous_secret_hash text,
  previous_secret_expires_at timestamptz,
  permissions text[] not null,
  shop_ids uuid[],
  allowed_ips text[] not null,
  rate_limit int not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  primary key (partner_id, key_id)
);
create unique index api_keys_hash on api_keys (key_hash);
create index api_keys_by_id on api_keys (key_id);

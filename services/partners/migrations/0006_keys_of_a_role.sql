-- A partner's own keys apart from those of its members, which may be as many as these. With what tells whether a key counts, since
-- limit and usage are asked for where nobody knows how few they are: plans would read the table.
create index agent_keys_of_role on agent_keys (partner_id, role, created_at desc, key_id desc)
  include (revoked_at, expires_at, rotated_to);

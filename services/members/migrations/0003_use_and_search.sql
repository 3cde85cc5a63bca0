-- When a member's first ledger entry or stamp happened.
alter table members add column first_interaction_at timestamptz;

-- For the admin role, across partners.
create index members_by_id on members (member_id);
create index members_of_all_by_age on members (created_at desc, member_id desc) where state = 'active';

-- Parts of names. Both extensions are trusted: the owner of the database may create them.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create index members_name_parts on members using gin (partner_id, name gin_trgm_ops) where state = 'active';

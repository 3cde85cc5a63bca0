-- What members see beside the points. Rows of before show no title and are for nobody but who has used them, until their card or
-- tier changes or the copies are rebuilt.

alter table cards
  add column name text not null default '',
  -- Locale > text; none = only the name.
  add column titles jsonb not null default '{}',
  add column is_visible_by_default boolean not null default false;

alter table tiers
  add column level int,
  add column display_names jsonb not null default '{}',
  add column icon text,
  add column color text;
-- Thresholds rise with the levels, so their order is known.
update tiers
set level = ranked.level
from (
  select partner_id, tier_id, row_number() over (partition by partner_id, scope_id order by points_threshold) as level
  from tiers
) ranked
where tiers.partner_id = ranked.partner_id and tiers.tier_id = ranked.tier_id;
alter table tiers alter column level set not null;

alter table entries
  -- Whose reference it is: a member's, of what the member did; the nil UUID = the partner's.
  add column reference_of uuid not null default '00000000-0000-0000-0000-000000000000',
  -- What a member shows at the till for what was claimed.
  add column claim_code text;
drop index entries_reference;
create unique index entries_reference on entries (partner_id, kind, reference, reference_of) where reference is not null;
create index entries_of_claim on entries (partner_id, claim_code) where claim_code is not null;
-- A member's own list, newest first.
create index entries_of_member on entries (partner_id, member_id, created_at, transaction_id);

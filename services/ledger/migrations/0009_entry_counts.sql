-- How many entries there are, kept for partners that have many: docs/adr/0014. The first two tables can be emptied, together: they are
-- filled anew.

create table entry_counts (
  partner_id uuid not null,
  -- What a list is filtered by: the partner itself (all of its entries), a club, a card, or somebody of the staff.
  scope_id uuid not null,
  -- hour or month, in UTC, by created_at.
  span text not null,
  starts_at timestamptz not null,
  event text not null,
  count bigint not null check (count > 0),
  primary key (partner_id, scope_id, span, starts_at, event)
) with (fillfactor = 70);

-- Whose entries are counted. An entry is in the counts if its position is at most that of counted_to, and either above
-- base_position or not after the place up to which the partner's history is counted: 'infinity' = all of it.
create table counted_partners (
  partner_id uuid primary key,
  base_position bigint not null,
  after_at timestamptz not null default '-infinity',
  after_id uuid not null default '00000000-0000-0000-0000-000000000000'
);

-- One row. Whoever writes any of the three tables holds its lock.
create table counted_to (
  is_only boolean primary key default true check (is_only),
  position bigint not null
);
insert into counted_to (position) values (0);

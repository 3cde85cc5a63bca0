-- A thing that is gone keeps its row, with the sequence of its newest event: an older one that is replayed cannot bring it back.
alter table things
  add column is_gone boolean not null default false,
  add column sequence bigint not null default 0;
alter table things
  alter column is_gone drop default,
  alter column sequence drop default;

-- How many things of a kind a partner has, kept with `things`, so that no request counts them.
create table usage_counts (
  partner_id uuid not null,
  kind text not null,
  count bigint not null,
  primary key (partner_id, kind)
);
insert into usage_counts (partner_id, kind, count)
select partner_id, kind, count(*)
from things
group by partner_id, kind;

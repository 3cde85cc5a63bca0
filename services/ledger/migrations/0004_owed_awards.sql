-- Points that an event says are owed. A job books them through the lanes, so that no consumer waits for the copies it keeps.

create table owed_awards (
  partner_id uuid not null,
  -- The natural key of the award that is booked.
  reference text not null,
  card_id uuid not null,
  member_id uuid not null,
  event text not null,
  points bigint not null check (points > 0),
  note text,
  staff_id uuid,
  occurred_at timestamptz not null,
  traceparent text,
  -- The code with which the books refused it for good; such rows stay, for whoever asks where the points are.
  refused_as text,
  primary key (partner_id, reference)
);
-- For the job, over all partners.
create index owed_awards_open on owed_awards (occurred_at, reference) where refused_as is null;

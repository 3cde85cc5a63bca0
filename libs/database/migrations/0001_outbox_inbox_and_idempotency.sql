-- What every service keeps beside its own rows. Applied before the service's migrations.

-- Announcements, written with the change and sent by the relay in the order of `id`. A key's rows are in its order, since
-- whoever announces holds a row lock until commit: of the partner's sequence (reference data) or of the account (facts).
create table outbox (
  partner_id uuid not null,
  id bigint generated always as identity,
  topic text not null,
  key text not null,
  type text not null,
  event_id uuid not null,
  subject text,
  sequence bigint not null,
  time timestamptz not null,
  traceparent text,
  data json not null,
  sent_at timestamptz,
  primary key (partner_id, id)
);
create index outbox_unsent on outbox (id) where sent_at is null;
create index outbox_by_age on outbox using brin (time);

-- The last `sequence` that a partner's reference data got here.
create table sequences (
  partner_id uuid primary key,
  last bigint not null
);

-- Events whose effect is in these tables already.
create table inbox (
  consumer_group text not null,
  event_id uuid not null,
  processed_at timestamptz not null default now(),
  primary key (consumer_group, event_id)
);
create index inbox_by_age on inbox using brin (processed_at);

-- The highest `sequence` of each other service that our copies have.
create table applied_sequences (
  partner_id uuid not null,
  source text not null,
  sequence bigint not null,
  primary key (partner_id, source)
);

-- Answers of writes, for repeats (kept 30 days). `data` is null only inside the transaction that makes it.
create table idempotency_keys (
  partner_id uuid not null,
  scope text not null,
  key text not null,
  request_hash text not null,
  status int,
  data json,
  created_at timestamptz not null default now(),
  primary key (partner_id, scope, key)
);
create index idempotency_keys_by_age on idempotency_keys using brin (created_at);

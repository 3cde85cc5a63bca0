-- Our copy of the cards' ids, newest state: what a registration may begin with.
create table cards (
  partner_id uuid not null,
  card_id uuid not null,
  is_deleted boolean not null,
  sequence bigint not null,
  primary key (partner_id, card_id)
);

-- A deletion of the card has begun: the ledger may have closed it already, so nothing new may pay points onto it. It ends with
-- the card, or with these being null again; `cards/end-closings.ts` sees to it. `closing_id`: the hold that vouchers has of it.
-- `closing_locale`: the partner's, for what is announced.
alter table cards
  add column closing_id uuid,
  add column closing_since timestamptz,
  add column closing_locale text,
  add check (num_nulls(closing_id, closing_since, closing_locale) in (0, 3));
update cards set closing_id = gen_random_uuid(), closing_since = now(), closing_locale = 'en_US' where is_closing;
alter table cards drop column is_closing;
create index cards_closing on cards (closing_since) where closing_since is not null;

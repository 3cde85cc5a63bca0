import type { Sql } from '@punchcard/database';
import type { LedgerPartner } from './ledger-data.ts';

/**
 * A purchase written as one would without lanes: one call of a function, one transaction, the same rows in the same tables.
 * What the rows hold beside ids and numbers is copied from a purchase that the ledger booked.
 * @returns a script for pgbench; `:members` of the partner take part, the first is the hot one
 */
export async function writeOneByOne(
  sql: Sql,
  { partnerId, cardId, members }: LedgerPartner,
): Promise<(of: number) => string> {
  await sql`create table if not exists bench_members (n int primary key, member_id uuid not null)`;
  await sql`truncate bench_members`;
  await sql`
    insert into bench_members (n, member_id)
    select n, id
    from unnest(${members}::uuid[]) with ordinality as q (id, n)
  `;
  await sql`
    create or replace function bench_purchase(the_partner uuid, the_card uuid, n_member int, amount bigint) returns bigint
    language plpgsql as $$
    declare
      the_member uuid;
      card cards;
      club clubs;
      partner partners;
      standing member_standings;
      account accounts;
      sample entries;
      announced outbox;
      kept idempotency_keys;
      id uuid := uuidv7();
      new_key text := uuidv7()::text;
      earned bigint;
      t timestamptz := clock_timestamp();
    begin
      select member_id into the_member from bench_members where n = n_member;
      select member_id into the_member from member_identifiers
        where partner_id = the_partner and identifier = the_member::text and is_findable;
      perform from idempotency_keys where partner_id = the_partner and scope = 'bench' and key = new_key;
      select * into card from cards where partner_id = the_partner and card_id = the_card;
      select * into club from clubs where partner_id = the_partner and club_id = card.club_id;
      select * into partner from partners where partner_id = the_partner;
      perform from tiers where partner_id = the_partner and scope_id = card.club_id;
      select * into sample from bench_sample_entry;
      select * into announced from bench_sample_outbox;
      select * into kept from bench_sample_key;
      select * into standing from member_standings where partner_id = the_partner and member_id = the_member for update;
      select * into account from accounts
        where partner_id = the_partner and member_id = the_member and card_id = the_card for update;
      earned := floor(amount * card.points_per_currency / 100.0);
      update member_standings set lifetime_points = lifetime_points + earned
        where partner_id = the_partner and member_id = the_member;
      update accounts set balance = balance + earned, seq = seq + 1, last_entry_at = t
        where partner_id = the_partner and member_id = the_member and card_id = the_card;
      insert into entries (
        partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id, currency,
        purchase_minor, reference_of, breakdown, items, group_id, occurred_at, created_at
      ) values (
        the_partner, id, the_member, the_card, card.club_id, sample.kind, sample.event, earned, account.seq + 1,
        account.balance + earned, uuidv7(), card.currency, amount, sample.reference_of, sample.breakdown, sample.items,
        sample.group_id, t, t
      );
      insert into lots (partner_id, member_id, card_id, lot_id, points, remaining, earned_at, is_counted)
        values (the_partner, the_member, the_card, id, earned, earned, t, true);
      insert into idempotency_keys (partner_id, scope, key, request_hash, data, created_at)
        values (the_partner, 'bench', new_key, kept.request_hash, kept.data, t);
      -- Marked as sent: nobody shall publish them.
      insert into outbox (partner_id, topic, key, type, event_id, subject, sequence, time, data, sent_at)
        values (the_partner, announced.topic, the_member::text, announced.type, uuidv7(), announced.subject, account.seq + 1, t,
          announced.data, t);
      return account.balance + earned;
    end $$
  `;
  return (of) => `\\set n random(1, ${of})
\\set amount random(100, 9000)
select bench_purchase('${partnerId}'::uuid, '${cardId}'::uuid, :n, :amount);
`;
}

/** Keeps rows of the newest purchase as samples. */
export async function keepSamples(sql: Sql, { partnerId }: LedgerPartner): Promise<void> {
  await sql`create table bench_sample_entry (like entries)`;
  await sql`create table bench_sample_outbox (like outbox)`;
  await sql`create table bench_sample_key (like idempotency_keys)`;
  await sql`insert into bench_sample_entry select * from entries where partner_id = ${partnerId} limit 1`;
  await sql`insert into bench_sample_outbox select * from outbox where partner_id = ${partnerId} and key <> '' limit 1`;
  await sql`insert into bench_sample_key select * from idempotency_keys where partner_id = ${partnerId} limit 1`;
}

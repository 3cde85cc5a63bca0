import type { Sql } from '@punchcard/database';
import type { LedgerPartner } from './ledger-data.ts';

/**
 * So many past purchases of each member, who has none yet: entries, lots, keys and sent outbox rows as the ledger would have left
 * them, with balances that fit. Copies the rows that `keepSamples` kept.
 */
export async function addHistory(
  sql: Sql,
  { partnerId, clubId, cardId, members }: LedgerPartner,
  each: number,
): Promise<void> {
  await sql`create temporary table past_buyers as select id from unnest(${members}::uuid[]) as q (id)`;
  // One after the other, as time would have it.
  for (let n = 1; n <= each; n++) await addOneEach(sql, { partnerId, clubId, cardId, n });
  await sql`
    update accounts a
    set balance = ${each}::bigint * s.points, seq = ${each}::bigint, last_entry_at = now()
    from bench_sample_entry s, past_buyers b
    where a.partner_id = ${partnerId} and a.member_id = b.id and a.card_id = ${cardId}
  `;
  await sql`
    update member_standings m
    set lifetime_points = ${each}::bigint * s.points
    from bench_sample_entry s, past_buyers b
    where m.partner_id = ${partnerId} and m.member_id = b.id
  `;
  await sql`drop table past_buyers`;
  await sql`vacuum analyze`;
}

async function addOneEach(
  sql: Sql,
  { partnerId, clubId, cardId, n }: Omit<LedgerPartner, 'members'> & { n: number },
): Promise<void> {
  await sql`
    with bought as (
      insert into entries (
        partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id, currency,
        purchase_minor, reference_of, breakdown, occurred_at, created_at
      )
      select ${partnerId}::uuid, uuidv7(), b.id, ${cardId}::uuid, ${clubId}::uuid, s.kind, s.event, s.points, ${n}::bigint,
        ${n}::bigint * s.points, uuidv7(), s.currency, s.purchase_minor, s.reference_of, s.breakdown, now(), now()
      from past_buyers b
      cross join bench_sample_entry s
      returning partner_id, transaction_id, member_id, card_id, points, event_id, seq, created_at
    ), opened as (
      insert into lots (partner_id, member_id, card_id, lot_id, points, remaining, earned_at, is_counted)
      select partner_id, member_id, card_id, transaction_id, points, points, created_at, true
      from bought
    ), kept as (
      insert into idempotency_keys (partner_id, scope, key, request_hash, data, created_at)
      select b.partner_id, k.scope, b.transaction_id, k.request_hash, k.data, b.created_at
      from bought b
      cross join bench_sample_key k
    )
    insert into outbox (partner_id, topic, key, type, event_id, subject, sequence, time, data, sent_at)
    select b.partner_id, o.topic, b.member_id, o.type, b.event_id, o.subject, b.seq, b.created_at, o.data, b.created_at
    from bought b
    cross join bench_sample_outbox o
  `;
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { givenProgramme } from './given.ts';
import { purchaseOf, startBooking } from './orders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('ledger');
});
afterAll(() => database.drop());

async function rowsRead(): Promise<Map<string, number>> {
  await database.sql`select pg_stat_force_next_flush()`;
  const rows = await database.sql<{ relname: string; read: number }[]>`
    select relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint as read
    from pg_stat_user_tables
  `;
  return new Map(rows.map(({ relname, read }) => [relname, read]));
}

describe('with plans that were made while the tables were small', () => {
  it('a purchase reads by its key and its reference when they are large', async () => {
    const given = await givenProgramme(database.sql);
    const buyer = startBooking(database.url, 1);
    const buy = () => {
      const idempotency = { partnerId: given.partnerId, scope: 'partner', key: newId(), requestHash: 'x' };
      return buyer.submit(purchaseOf(given, 5, { reference: newId(), idempotency }));
    };
    // So many does autovacuum await before it analyses a table for the first time.
    for (let n = 0; n < 60; n += 1) await buy();
    await database.sql`analyze`;
    for (let n = 0; n < 10; n += 1) await buy();

    await database.sql`
      insert into idempotency_keys (partner_id, scope, key, request_hash)
      select ${given.partnerId}, 'partner', 'of-' || n, 'x'
      from generate_series(1, 20000) as n
    `;
    await database.sql`
      insert into entries overriding user value
      select other.*
      from (select * from entries where partner_id = ${given.partnerId} limit 1) e, generate_series(1, 20000) as n,
        json_populate_record(null::entries, (to_jsonb(e) || jsonb_build_object(
          'transaction_id', gen_random_uuid(), 'member_id', gen_random_uuid(), 'reference', 'of-' || n
        ))::json) as other
    `;
    const before = await rowsRead();
    await buy();
    await buyer.stop();
    const after = await rowsRead();

    const read = [...after].map(([table, rows]) => ({ table, rows: rows - (before.get(table) ?? 0) }));
    // With some hundred that were read before and are counted late; whoever reads a table reads 20,000.
    expect(read.filter(({ rows }) => rows > 2_000)).toEqual([]);
  });
});

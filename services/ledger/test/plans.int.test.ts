import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/database';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { givenMember, givenProgramme, times } from './given.ts';
import { purchaseOf, redemptionOf, startBooking } from './orders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('ledger');
});
afterAll(() => database.drop());

/** By table, since the database was made. */
async function scans(): Promise<Map<string, number>> {
  await database.sql`select pg_stat_force_next_flush()`;
  const rows = await database.sql<{ relname: string; seqScan: number }[]>`
    select relname, seq_scan from pg_stat_user_tables
  `;
  return new Map(rows.map(({ relname, seqScan }) => [relname, seqScan]));
}

describe('the statements of a batch', () => {
  it('read every table by key from the first batch on, planned while the tables were empty, and still at the fortieth', async () => {
    const booking = startBooking(database.url, 1);
    await booking.warmUp();
    const given = await givenProgramme(database.sql, {
      card: { pointsExpirationMonths: 1, pendingDays: 1 },
      reward: { maxNumberToRedeem: 1_000, points: 1 },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 100 },
      ],
    });
    const { memberId: second } = await givenMember(database.sql, given.partnerId);
    const before = await scans();

    for (let batch = 0; batch < 40; batch += 1) {
      const now = new Date(Date.now() + batch * 86_400_000);
      const named = (n: number) => ({
        ...{
          now,
          reference: `${batch}-${n}`,
          candidates: [{ kind: 'id' as const, identifier: [given.memberId, second][n % 2]! }],
        },
        idempotency: { partnerId: given.partnerId, scope: 'partner', key: newId(), requestHash: 'x' },
      });
      await times(8, (n) => booking.submit(purchaseOf(given, 1, named(n))));
      if (batch > 1) await times(4, (n) => booking.submit(redemptionOf(given, named(n))));
    }
    await booking.sql`select pg_stat_force_next_flush()`;
    await booking.stop();

    const after = await scans();
    const scanned = [...after].filter(([table, count]) => count > (before.get(table) ?? 0)).map(([table]) => table);
    expect(scanned).toEqual([]);
    const [{ entries }] = await database.sql<[{ entries: number }]>`
      select count(*) as entries from entries where partner_id = ${given.partnerId}
    `;
    expect(entries).toBeGreaterThan(400);
  });
});

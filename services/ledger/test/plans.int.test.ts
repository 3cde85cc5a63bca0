import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/database';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { newAward } from '../src/awards/new-award.ts';
import { countEntries, listEntries } from '../src/transactions/views.ts';
import { getLadders } from '../src/wallet/get-ladders.ts';
import { getMyBalance } from '../src/wallet/get-my-balance.ts';
import { listBalances } from '../src/wallet/list-balances.ts';
import { listUsedCards } from '../src/wallet/views.ts';
import { connectLanes, givenMember, givenProgramme, givenStaff, times } from './given.ts';
import { givenStampCard } from './given-stamps.ts';
import { purchaseOf, redemptionOf, stampsOf, startBooking } from './orders.ts';

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

describe('what a member reads', () => {
  it('is read by key, however many others there are', async () => {
    const { booking, given } = await givenHistory();
    const sql = connectLanes(database.url, 1);
    const owner = { partnerId: given.partnerId, memberId: given.memberId };
    const now = new Date();
    const [before, listsBefore] = [await scans(), await listsByMember()];

    await listBalances(sql, owner, { now, reader: { language: null, locale: 'en_US' } });
    await getMyBalance(sql, { ...owner, cardId: given.cardId, at: now, now });
    await getLadders(sql, owner, { now, reader: { language: null, locale: 'en_US' } });
    await listUsedCards(sql, owner);
    await listEntries(sql, { ...owner, now }, { limit: 25, offset: 0 });
    await countEntries(sql, { ...owner, now });
    await listEntries(sql, { ...owner, cardId: given.cardId, now }, { limit: 25, offset: 0 });
    await listEntries(sql, { partnerId: given.partnerId, claimCode: 'K7QX2MWP', now }, { limit: 25, offset: 0 });
    await sql`select pg_stat_force_next_flush()`;
    await Promise.all([sql.end(), booking.stop()]);

    const after = await scans();
    expect([...after].filter(([table, count]) => count > (before.get(table) ?? 0)).map(([table]) => table)).toEqual([]);
    expect(await listsByMember()).toBeGreaterThan(listsBefore);
  });

  /** How often a member's own index of entries was used. */
  async function listsByMember(): Promise<number> {
    await database.sql`select pg_stat_force_next_flush()`;
    const [index] = await database.sql<{ idxScan: number }[]>`
      select idx_scan from pg_stat_user_indexes where indexrelname = 'entries_of_member'
    `;
    return index!.idxScan;
  }

  /** Two members with some entries each, and figures of the tables for the planner. */
  async function givenHistory() {
    const booking = startBooking(database.url, 1);
    const given = await givenProgramme(database.sql, {
      card: { pointsExpirationMonths: 1, pendingDays: 1 },
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'gold', pointsThreshold: 100 },
      ],
    });
    const other = { ...given, ...(await givenMember(database.sql, given.partnerId)) };
    const from = Date.now() - 50 * 86_400_000;
    for (let day = 0; day < 50; day += 1) {
      const now = new Date(from + day * 86_400_000);
      await times(6, (n) => booking.submit(purchaseOf([given, other][n % 2]!, 1, { now })));
    }
    await database.sql`analyze`;
    return { booking, given };
  }
});

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
    const { stampCardId } = await givenStampCard(database.sql, given, {
      ...{ stampsExpireDays: 1, rewardPoints: 5, rewardCardId: given.cardId, maxStampsPerDay: 100 },
    });
    const { staffId } = await givenStaff(database.sql, given);
    const awardOf = (n: number, now: Date) => {
      const owed = { partnerId: given.partnerId, cardId: given.cardId, points: 5, note: null, staffId: null };
      const memberId = [given.memberId, second][n % 2]!;
      return newAward({ ...owed, memberId, event: 'voucher_bonus_points', reference: newId(), occurredAt: null }, now);
    };
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
      await times(8, (n) => booking.submit(purchaseOf(given, 1, { ...named(n), staffId })));
      await times(4, (n) => booking.submit(awardOf(n, now)));
      await times(4, (n) => booking.submit(stampsOf(given, stampCardId, named(n))));
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

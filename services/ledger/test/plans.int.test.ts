import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { beyond, createTestDatabase, scansOf, type TestDatabase } from '@punchcard/testing';
import { getBalance } from '../src/accounts/get-balance.ts';
import { newAward } from '../src/awards/new-award.ts';
import { book } from '../src/booking/batch-rules.ts';
import { announcing } from '../src/booking/events.ts';
import { LOTS_AT_HAND } from '../src/booking/lots-store.ts';
import { openBooks } from '../src/booking/open-books.ts';
import type { Command } from '../src/booking/rules.ts';
import { save } from '../src/booking/save-store.ts';
import { partsOf, subjectOf } from '../src/counts/rules.ts';
import { sumCounts } from '../src/counts/views.ts';
import { readFar } from '../src/transactions/read-page.ts';
import { countEntries, listEntries, type Filter } from '../src/transactions/views.ts';
import { getLadders } from '../src/wallet/get-ladders.ts';
import { getMyBalance } from '../src/wallet/get-my-balance.ts';
import { listBalances } from '../src/wallet/list-balances.ts';
import { listUsedCards } from '../src/wallet/views.ts';
import { keepCounts } from './given-counts.ts';
import { givenMany, BUSY, type Many } from './given-many.ts';
import { connectLanes, givenMember, givenProgramme, givenStaff, times } from './given.ts';
import { givenStampCard } from './given-stamps.ts';
import { purchaseOf, redemptionOf, stampsOf, startBooking } from './orders.ts';

const DAY_MS = 86_400_000;

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

const page = { limit: 25, offset: 0 };

describe('among tens of thousands of entries', () => {
  let many: TestDatabase;
  let lanes: Sql;
  let given: Many;
  beforeAll(async () => {
    many = await createTestDatabase('ledger', { statementTimeoutMs: 120_000 });
    given = await givenMany(many.sql);
    lanes = connectLanes(many.url, 1);
  }, 180_000);
  afterAll(async () => {
    await lanes.end();
    await many.drop();
  });

  /** What `bookBatch` sends. */
  const bookAll = (commands: readonly Command[]) => async (tx: Tx) => {
    const books = await openBooks(tx, commands);
    const outcomes = commands.map((command) => book(books, command));
    for (const statement of save(tx, books.journal, announcing(tx, books.journal, new Date()))) await statement;
    return outcomes;
  };
  const keyed = (key: string) => ({ partnerId: given.partnerId, scope: 'partner', key, requestHash: 'x' });
  const quiet = () => ({ ...given, memberId: given.quietId });

  it.each<[string, number, () => Command[]]>([
    ['a purchase', 10, () => [purchaseOf(quiet(), 5, newNames())]],
    ['a purchase of a member with thousands', 10, () => [purchaseOf(given, 5, newNames())]],
    ['a redemption', 10, () => [redemptionOf(quiet(), newNames())]],
    ['a redemption from many lots', LOTS_AT_HAND + 1, () => [redemptionOf(given, newNames())]],
    ['a repeat of a key', 10, () => [purchaseOf(quiet(), 5, { idempotency: keyed('K-7') })]],
  ])('%s reads at most %i rows of a table', async (_name, most, commands) => {
    expect(beyond(most, await scansOf(lanes, bookAll(commands())))).toEqual([]);
  });

  const newNames = () => ({ reference: newId(), idempotency: keyed(newId()), staffId: given.staffId });

  it('a repeat of a reference finds its entry alone', async () => {
    const read = await scansOf(lanes, (tx) => openBooks(tx, [purchaseOf(quiet(), 5, { reference: 'R-9000' })]));

    expect(read.filter(({ table }) => table === 'entries')).toEqual([
      expect.objectContaining({ by: 'Index Scan', rows: 1 }),
    ]);
  });

  it('a batch reads by its commands', async () => {
    const members = await many.sql<{ memberId: string }[]>`
      select member_id from member_standings where partner_id = ${given.partnerId} limit 50
    `;
    const commands = members.map(({ memberId }) => purchaseOf({ ...given, memberId }, 5, newNames()));

    expect(beyond(members.length * 3, await scansOf(lanes, bookAll(commands)))).toEqual([]);
  });

  it.each<[string, number, (sql: Sql) => Promise<unknown>]>([
    ['a balance', 10, (sql) => getBalance(sql, { ...quiet(), at: now, now })],
    ['a balance of many lots', 2 * BUSY.open, (sql) => getBalance(sql, { ...given, at: now, now })],
    ["a member's own balance", 2 * BUSY.open, (sql) => getMyBalance(sql, { ...given, at: now, now })],
    ["a member's balances", 2 * BUSY.open, (sql) => listBalances(sql, given, { now, reader })],
    ["a member's ladders, by the partner's cards", 501, (sql) => getLadders(sql, given, { now, reader })],
    ["a member's cards", 10, (sql) => listUsedCards(sql, given)],
  ])('%s reads at most %i rows of a table', async (_name, most, work) => {
    expect(beyond(most, await scansOf(many.sql, work))).toEqual([]);
  });
  const now = new Date();
  const reader = { language: null, locale: 'en_US' };

  const lists: [string, () => Partial<Filter>][] = [
    ['a partner', () => ({})],
    ['a card', () => ({ cardId: given.cardId })],
    ['a club', () => ({ clubId: given.clubId })],
    ['somebody of the staff', () => ({ staffId: given.staffId })],
    ['an event', () => ({ event: 'initial_bonus_points' })],
    ['some days', () => ({ from: new Date(now.getTime() - 5 * DAY_MS), to: new Date(now.getTime() - 3 * DAY_MS) })],
  ];
  const listsOfMembers: [string, () => Partial<Filter>][] = [
    ['a member', () => ({ memberId: given.memberId })],
    ['a member with few', () => ({ memberId: given.quietId })],
    ['a member on a card', () => ({ memberId: given.quietId, cardId: given.cardId })],
  ];
  const filterOf = (filter: Partial<Filter>): Filter => ({ partnerId: given.partnerId, now, ...filter });

  it.each<[string, () => Partial<Filter>]>([
    ...lists,
    ...listsOfMembers,
    ['a reference', () => ({ reference: 'R-9000' })],
    ['a claim', () => ({ claimCode: 'C-9000' })],
    ['what is pending', () => ({ status: 'pending' })],
  ])('the first page of the list of %s reads no more than its rows', async (_name, filter) => {
    const read = await scansOf(many.sql, (sql) => listEntries(sql, filterOf(filter()), page));

    expect(beyond(40, read)).toEqual([]);
  });

  it.each(lists)('the list of %s is counted from an index alone', async (_name, filter) => {
    const read = await scansOf(many.sql, (sql) => countEntries(sql, filterOf(filter())));

    expect(read).toEqual([expect.objectContaining({ by: 'Index Only Scan', heapFetches: 0, table: 'entries' })]);
  });

  it.each(listsOfMembers)('the list of %s is counted by the accounts', async (_name, filter) => {
    const read = await scansOf(many.sql, (sql) => countEntries(sql, filterOf(filter())));

    expect(read.map(({ table }) => table)).toEqual(['accounts']);
    expect(beyond(2, read)).toEqual([]);
  });

  describe('that are counted', () => {
    beforeAll(async () => {
      await keepCounts(many.sql, given.partnerId);
      await many.sql`
        insert into counted_partners (partner_id, base_position, after_at)
        select gen_random_uuid(), 0, 'infinity' from generate_series(1, 2000)
      `;
      await bookSome(many.url, given, 20);
      await many.sql`vacuum analyze`;
    }, 60_000);

    /** Without the table that has one row. */
    const scansOfCounts = async (work: (sql: Sql & Tx) => Promise<unknown>) =>
      (await scansOf(many.sql, work)).filter(({ table }) => table !== 'counted_to');
    const asked = (filter: Filter) => ({ filter, subject: subjectOf(filter)!, parts: partsOf(filter) });
    const days = (from: number, to: number) => ({
      from: new Date(now.getTime() - from * DAY_MS),
      to: new Date(now.getTime() - to * DAY_MS),
    });
    const counted: [string, () => Partial<Filter>][] = [
      ...lists,
      ['a card in some days', () => ({ cardId: given.cardId, ...days(5, 3) })],
      ['an event of a club', () => ({ clubId: given.clubId, event: 'staff_credited_points_for_purchase' })],
      [
        'an event of a card in some days',
        () => ({ cardId: given.cardId, event: 'initial_bonus_points', ...days(9, 3) }),
      ],
    ];

    // Of the counts of hours: two days and the months around have some. Of entries: those of a cut hour, and the new ones.
    it.each(counted)(
      'the total of %s reads some rows of counts, and no more entries than are new',
      async (_name, filter) => {
        const read = await scansOfCounts((sql) => sumCounts(sql, asked(filterOf(filter()))));

        expect(beyond(350, read)).toEqual([]);
        expect(
          beyond(
            80,
            read.filter(({ table }) => table === 'entries'),
          ),
        ).toEqual([]);
      },
    );

    it.each(counted)('a page deep in the list of %s reads an hour of it', async (_name, filter) => {
      const wanted = filterOf(filter());
      const total = await countEntries(many.sql, wanted);
      const far = { limit: 25, offset: Math.max(0, Math.floor(total * 0.9) - 25) };
      const read = await scansOfCounts((sql) => readFar(sql, asked(wanted), far));

      expect(beyond(700, read)).toEqual([]);
      const entries = read.filter(({ table }) => table === 'entries');
      expect(beyond(400, entries)).toEqual([]);
      await expect(readFar(many.sql as never, asked(wanted), far)).resolves.toEqual({
        entries: await listEntries(many.sql, wanted, far),
        total,
      });
    });
  });
});

/** After the counts were kept: entries that are in none yet. */
async function bookSome(url: string, given: Many, count: number): Promise<void> {
  const booking = startBooking(url, 1);
  await times(count, () => booking.submit(purchaseOf({ ...given, memberId: given.quietId }, 1)));
  await booking.stop();
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

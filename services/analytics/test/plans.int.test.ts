import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { beyond, createTestDatabase, scannedTables, scansOf, tablesRead, type TestDatabase } from '@punchcard/testing';
import { ingestFacts } from '../src/facts/ingest-facts.ts';
import type { Fact } from '../src/facts/rules.ts';
import { attributeDays, insertFacts, loadHistories, sumReclassified } from '../src/facts/store.ts';
import { readOverview } from '../src/overview/read-overview.ts';
import { sumLifetime } from '../src/overview/views.ts';
import {
  countActiveMembers,
  countActivePartners,
  countMembers,
  countPartners,
  sumPlatform,
} from '../src/platform/platform-views.ts';
import { findMemberDays, findVisitDays } from '../src/spells/add-days.ts';
import { fillTables } from './given-history.ts';

let database: TestDatabase;
let partnerId: string;
beforeAll(async () => {
  database = await createTestDatabase('analytics', { statementTimeoutMs: 120_000 });
  partnerId = await fillTables(database.sql);
}, 180_000);
afterAll(() => database.drop());

const period = { start: '2026-02-01', end: '2026-03-02' };

/** Tables of a row a partner or shop. */
const small = ['partners', 'clubs', 'lifetime'];

/** Stands for what a statement would have found, whichever it is. */
const anyRow = {
  ...{ clubId: newId(), name: 'Old Town', currency: 'EUR', day: period.start, n: 1, previous: null, next: null },
  ...{ purchases: 0, revenueMinor: 0, attributedMinor: 0, pointsIssued: 0, pointsRedeemed: 0, pointsExpired: 0 },
  ...{
    afterPurchases: 0,
    afterMinor: 0,
    issued: 0,
    redeemed: 0,
    before: 0,
    retained: 0,
    active: 0,
    buyers: 0,
    count: 0,
  },
  days: [],
};

const scannedBy = async (work: (tx: Tx) => Promise<unknown>): Promise<string[]> =>
  (await scannedTables(database.sql, work, anyRow)).filter((table) => !small.includes(table));

describe('the overview of a partner', () => {
  const question = (shops: string[] | null) => ({
    ...{ scope: { partnerId, shops }, period, currency: 'EUR', timeZone: 'UTC' },
  });

  const readAll = (tx: Tx) =>
    Promise.all([readOverview(tx, question(null)), sumLifetime(tx, { partnerId, shops: null }, period.end)]);

  it('reads no table from end to end', async () => {
    expect(await scannedBy(readAll)).toEqual([]);
  });

  const listShops = async (count: number): Promise<string[]> => {
    const clubs = await database.sql<{ clubId: string }[]>`
      select distinct club_id from daily where partner_id = ${partnerId} limit ${count}
    `;
    return clubs.map(({ clubId }) => clubId);
  };

  it.each([1, 2])('of %i shops reads no table from end to end', async (count) => {
    const shops = await listShops(count);

    expect(await scannedBy((tx) => readOverview(tx, question(shops)))).toEqual([]);
  });

  it('reads sums of days alone, and of members those of a part of a day', async () => {
    expect(await tablesRead(database.sql, readAll, anyRow)).toEqual([
      ...['clubs', 'daily', 'lifetime', 'members', 'monthly', 'partner_spells', 'registrations', 'shop_spells'],
    ]);
  });

  it('of one shop reads its sums, and who is anonymised', async () => {
    const shops = await listShops(1);
    const read = (tx: Tx) => readOverview(tx, question(shops));

    expect(await tablesRead(database.sql, read, anyRow)).toEqual([
      ...['clubs', 'daily', 'members', 'monthly', 'shop_members', 'shop_spells'],
    ]);
  });
});

describe('the overview of the platform', () => {
  const all = [countPartners, sumPlatform, countActivePartners, countActiveMembers];

  it.each([
    ['all partners', null],
    ['a network', newId()],
  ])('of %s reads no days but those of the range', async (_name, networkId) => {
    const scanned = await scannedBy(async (tx) => {
      for (const count of all) await count(tx, { ...period, networkId });
    });
    expect(scanned).toEqual([]);
  });

  it('counts members from one row a partner and day', async () => {
    expect(await scannedBy((tx) => countMembers(tx, { ...period, networkId: null }).catch(() => {}))).toEqual([
      'registrations',
    ]);
  });
});

describe('a batch of facts', () => {
  const fact = (event: string): Fact => ({
    ...{ partnerId, memberId: newId(), cardId: newId(), clubId: newId(), transactionId: newId(), currency: 'EUR' },
    ...{ event, points: 10, purchaseMinor: 100, occurredAt: new Date('2026-03-01T10:00:00Z'), day: '2026-03-01' },
  });
  const facts = () =>
    Array.from({ length: 250 }, (_, n) =>
      fact(n % 5 === 0 ? 'staff_redeemed_points_for_reward' : 'staff_credited_points_for_purchase'),
    );

  it.each<[string, (tx: Tx, facts: readonly Fact[]) => Promise<unknown>]>([
    ['is written', insertFacts],
    ['finds the redemptions of its members', loadHistories],
    [
      'finds the days of its accounts and members',
      (tx, fresh) =>
        findVisitDays(
          tx,
          fresh.map((one) => ({ ...one, isPurchase: true })),
        ),
    ],
    ['finds the UTC days of its members', findMemberDays],
    ['finds what its redemptions attribute', attributeDays],
    [
      'finds what its first redemptions move',
      (tx, fresh) => sumReclassified(tx, { newFirsts: fresh.map((one) => ({ ...one, previousAt: null })), fresh }),
    ],
  ])('%s by keys', async (_name, work) => {
    expect(await scannedBy((tx) => work(tx, facts()))).toEqual([]);
  });

  it('is counted by some rows for each of its facts, whatever is there already', async () => {
    const batch = facts();
    const read = await scansOf(database.sql, (tx) => ingestFacts(tx, batch));

    expect(beyond(batch.length, read)).toEqual([]);
  });
});

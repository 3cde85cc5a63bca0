import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTransactions, newId } from '@punchcard/contracts';
import { connect, inSnapshot, type Sql, type Tx } from '@punchcard/database';
import { createTestDatabase, waitFor, type TestDatabase } from '@punchcard/testing';
import { foldNext } from '../src/counts/fold.ts';
import { createKept } from '../src/counts/kept.ts';
import { partsOf, subjectOf } from '../src/counts/rules.ts';
import { sumCounts } from '../src/counts/views.ts';
import { saveCard } from '../src/replicas/store.ts';
import { readPage } from '../src/transactions/read-page.ts';
import { countEntries, listEntries, type Filter } from '../src/transactions/views.ts';
import { verifyLedger } from '../src/verify/verify-ledger.ts';
import { keepCounts } from './given-counts.ts';
import {
  givenMember,
  givenProgramme,
  givenStaff,
  givenTill,
  plainCard,
  startLedger,
  times,
  type Ledger,
} from './given.ts';
import { purchaseOf, redemptionOf, startBooking } from './orders.ts';

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createTestDatabase('ledger');
  sql = connect(database.url, { poolMax: 4, applicationName: 'reader' });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const FIRST = Date.parse('2025-11-20T00:00:00Z');
const DAYS = 100;
const DAY_MS = 86_400_000;
const below = (limit: number) => Math.floor(Math.random() * limit);

/** A partner with two shops of two cards each, five members, and somebody who serves. */
async function givenChain() {
  const given = await givenProgramme(sql, { card: { pointsExpirationMonths: 1, initialBonusPoints: 5 } });
  const clubIds = [given.clubId, newId()];
  const cards = clubIds.flatMap((clubId) => [newId(), newId()].map((cardId) => ({ clubId, cardId })));
  await sql.begin(async (tx) => {
    for (const card of cards) await saveCard(tx, { ...plainCard, ...card, partnerId: given.partnerId, sequence: 1 });
  });
  const members = await times(5, () => givenMember(sql, given.partnerId));
  const { staffId } = await givenStaff(sql, given);
  return { ...given, clubIds, cardIds: [given.cardId, ...cards.map(({ cardId }) => cardId)], members, staffId };
}

type Chain = Awaited<ReturnType<typeof givenChain>>;

/** An order at any time of the hundred days: the books date it later where its account is ahead. Expiries come with it. */
function randomOrder(chain: Chain) {
  const { memberId } = chain.members[below(5)]!;
  const named = { now: new Date(FIRST + below(DAYS * DAY_MS)), reference: newId() };
  if (below(10) === 0) return redemptionOf({ ...chain, memberId }, named);
  const cardId = chain.cardIds[below(5)]!;
  const staffId = cardId === chain.cardId && below(2) === 0 ? chain.staffId : null;
  return purchaseOf({ ...chain, memberId, cardId }, 1 + below(9), { ...named, staffId });
}

/** What a partner may ask. Times are to the minute, so that no period has to fit an hour. */
function randomFilter({ partnerId, cardIds, clubIds, staffId }: Chain): Filter {
  const events = ['staff_credited_points_for_purchase', 'points_expired', 'initial_bonus_points', 'points_adjusted'];
  const [from, to] = [below(DAYS * 1_440), below(DAYS * 1_440)].toSorted((a, b) => a - b) as [number, number];
  const subjects = [{}, { cardId: cardIds[below(5)] }, { clubId: clubIds[below(2)] }, { staffId }];
  return {
    ...{ partnerId, now: new Date(), ...subjects[below(4)] },
    event: below(2) === 0 ? events[below(4)] : undefined,
    from: below(2) === 0 ? new Date(FIRST + from * 60_000) : undefined,
    to: below(2) === 0 ? new Date(FIRST + to * 60_000) : undefined,
  };
}

/** By the counts, and by the entries, as one snapshot has them. */
const bothTotals = (filter: Filter) =>
  inSnapshot(sql, async (tx) => {
    const kept = await sumCounts(tx, { filter, subject: subjectOf(filter)!, parts: partsOf(filter) });
    return { kept, counted: await countEntries(tx, filter) };
  });

const nobody = { noted: () => [], forget: () => undefined };

describe('kept counts', () => {
  it('are what the entries say at any moment, while two processes book and several fold, of which some are killed', async () => {
    const [chain, other] = [await givenChain(), await givenChain()];
    const processes = await times(2, async () => startBooking(database.url));
    for (const { warmUp } of processes) await warmUp();
    // One has a history when its counts begin.
    await times(300, (n) => processes[n % 2]!.submit(randomOrder(chain)).catch(() => undefined));
    const folders = connect(database.url, { poolMax: 3, applicationName: 'folder' });
    let isOver = false;
    const until = async (work: () => Promise<unknown>) => {
      while (!isOver) await work();
    };

    const folding = times(3, () =>
      until(async () => {
        await foldNext({ sql: folders, kept: { ...nobody, noted: () => [chain.partnerId, other.partnerId] } }).catch(
          () => false,
        );
        await setTimeout(below(20));
      }),
    );
    const killing = until(async () => {
      await setTimeout(below(150));
      await database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'folder' and datname = current_database()
        order by random()
        limit 1
      `;
    });
    let compared = 0;
    const wrong: unknown[] = [];
    const reading = times(2, () =>
      until(async () => {
        const filter = randomFilter(below(4) === 0 ? other : chain);
        const { kept, counted } = await bothTotals(filter);
        if (kept === undefined) return;
        compared += 1;
        if (kept !== counted) wrong.push({ filter, kept, counted });
      }),
    );
    try {
      await times(40, async (n) => {
        for (let m = 0; m < 40; m += 1) {
          await processes[n % 2]!.submit(randomOrder(n % 4 === 0 ? other : chain)).catch(() => undefined);
        }
      });
      await waitFor('totals to be compared', () => compared > 50);
    } finally {
      isOver = true;
      const end = () => Promise.all([...processes.map(({ stop }) => stop()), folders.end()]);
      await Promise.all([folding, killing, reading]).finally(end);
    }

    expect(wrong).toEqual([]);
    expect((await verifyLedger(sql)).failed).toBeNull();

    await keepCounts(sql, chain.partnerId, other.partnerId);
    for (let n = 0; n < 200; n += 1) {
      const filter = randomFilter(n % 4 === 0 ? other : chain);
      const { kept, counted } = await bothTotals(filter);
      expect({ filter, kept }).toEqual({ filter, kept: counted });
      const range = { limit: 1 + below(100), offset: below(Math.max(counted, 1)) };
      const page = await readPage(
        { sql, kept: { has: () => Promise.resolve(true), note: () => undefined } },
        filter,
        range,
      );
      expect(page).toEqual({ entries: await listEntries(sql, filter, range), total: counted });
    }
    expect((await verifyLedger(sql)).failed).toBeNull();
  }, 120_000);

  it('wait for a transaction that drew its position early and commits late', async () => {
    const given = await givenProgramme(sql);
    await keepCounts(sql, given.partnerId);
    const booking = startBooking(database.url);
    let commit = () => {};
    let begun = () => {};
    const drawn = new Promise<void>((resolve) => (begun = resolve));
    const slow = sql.begin(async (tx) => {
      await insertEntry(tx, given);
      begun();
      await new Promise<void>((resolve) => (commit = resolve));
    });
    await drawn;
    await booking.submit(purchaseOf(given, 1));

    const fold = foldNext({ sql, kept: nobody });
    const first = await Promise.race([fold.then(() => 'folded'), setTimeout(200, 'waits')]);
    commit();
    await Promise.all([slow, fold, booking.stop()]);
    await keepCounts(sql);

    expect(first).toBe('waits');
    const [{ folded }] = await sql<[{ folded: number }]>`
      select sum(count)::bigint as folded from entry_counts
      where partner_id = ${given.partnerId} and scope_id = ${given.partnerId} and span = 'month'
    `;
    expect(folded).toBe(2);
    expect(await bothTotals({ partnerId: given.partnerId, now: new Date() })).toEqual({ kept: 2, counted: 2 });
    await sql`alter table entries disable trigger entries_append_only`;
    await sql`delete from entries where partner_id = ${given.partnerId} and kind = 'test'`;
    await sql`alter table entries enable trigger entries_append_only`;
  });

  it('leave what a transaction lost, and are not kept of others', async () => {
    const [given, other] = [await givenProgramme(sql), await givenProgramme(sql)];
    await keepCounts(sql, given.partnerId);
    await sql
      .begin(async (tx) => {
        await insertEntry(tx, given);
        throw new Error('lost');
      })
      .catch(() => undefined);
    const booking = startBooking(database.url);
    await times(3, () => booking.submit(purchaseOf(given, 1)));
    await booking.submit(purchaseOf(other, 1));
    await booking.stop();
    await keepCounts(sql);

    expect(await bothTotals({ partnerId: given.partnerId, now: new Date() })).toEqual({ kept: 3, counted: 3 });
    expect(await bothTotals({ partnerId: other.partnerId, now: new Date() })).toEqual({ kept: undefined, counted: 1 });
  });

  it('are not asked while they are far behind', async () => {
    const given = await givenProgramme(sql);
    await keepCounts(sql, given.partnerId);
    const filter: Filter = { partnerId: given.partnerId, now: new Date() };
    await database.sql
      .begin(async (tx) => {
        await tx`update counted_to set position = position - 20000`;
        const asked = { filter, subject: subjectOf(filter)!, parts: partsOf(filter) };
        expect(await sumCounts(tx, asked)).toBeUndefined();
        throw new Error('undo');
      })
      .catch((error: unknown) => expect(String(error)).toContain('undo'));
    const page = await readPage({ sql, kept: createKept(sql) }, filter, { limit: 25, offset: 0 });
    expect(page).toEqual({ entries: [], total: 0 });
  });
});

/** By itself, without the books: what a batch that hangs has done so far. */
async function insertEntry(
  tx: Tx,
  { partnerId, memberId, cardId, clubId }: Omit<Chain, 'members' | 'staffId' | 'clubIds' | 'cardIds' | 'partner'>,
) {
  await tx`
    insert into entries (partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id,
      currency, occurred_at, created_at)
    values (${partnerId}, ${newId()}, ${memberId}, ${cardId}, ${clubId}, 'test', 'points_adjusted', 0, 1000, 0, ${newId()}, 'EUR', now(), now())
  `;
}

describe('a partner with many entries', () => {
  let ledger: Ledger;
  beforeAll(async () => {
    ledger = await startLedger(2);
  });
  afterAll(() => ledger?.stop());

  it('is noted by its list, counted by the job, and answered the same before and after', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await till.buy(1);
    await ledger.sql`
      insert into entries (partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id,
        currency, occurred_at, created_at)
      select partner_id, uuidv7(), member_id, card_id, club_id, kind, event, points, seq + n, balance_after, uuidv7(), currency,
        occurred_at - make_interval(mins => n), created_at - make_interval(mins => n)
      from entries
      cross join generate_series(1, 11000) as n
      where partner_id = ${given.partnerId}
    `;
    const pages = [
      {},
      { page: 420 },
      { page: 500 },
      { from: '2026-01-01', event: 'staff_credited_points_for_purchase' },
    ];
    const ask = () => Promise.all(pages.map(async (query) => (await till.send(listTransactions, { query })).body));

    const before = await ask();
    await waitFor('the history to be counted', async () => {
      const [done] = await ledger.sql`
        select 1 from counted_partners where partner_id = ${given.partnerId} and after_at = 'infinity'
      `;
      return done !== undefined;
    });
    const kept = createKept(ledger.sql);
    expect(await kept.has(given.partnerId)).toBe(true);
    const afterwards = await ask();

    expect(before[0].pagination.total).toBe(11_001);
    const facts = ({ request_id: _, ...answer }: { request_id: string }) => answer;
    expect(afterwards.map(facts)).toEqual(before.map(facts));
  });
});

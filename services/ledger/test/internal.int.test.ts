import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardUsage, closeCard, exportEntries, importTransactions, newId, type Answer } from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import { givenMember, givenProgramme, givenTill, startLedger, stopAndVerify, times, type Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => stopAndVerify(ledger));

const HOUR_MS = 3_600_000;

describe('internal.transactions.import', () => {
  it('books a history in its order, at its own times, by the rules of live traffic', async () => {
    const given = await givenProgramme(ledger.sql, { card: { pointsExpirationMonths: 1 }, reward: { points: 15 } });
    const at = (days: number) => new Date(Date.UTC(2025, 0, 1) + days * 24 * HOUR_MS).toISOString();
    const row = { card_id: given.cardId, member_id: given.memberId };
    const rows = [
      { type: 'purchase', reference: 'a', ...row, at: at(0), purchase_minor: 200 },
      { type: 'redeem', reference: 'b', ...row, at: at(1), reward_id: given.rewardId },
      { type: 'redeem', reference: 'c', ...row, at: at(2), reward_id: given.rewardId },
      { type: 'purchase', reference: 'd', ...row, at: at(60), purchase_minor: 100 },
      { type: 'purchase', reference: 'e', ...row, at: at(30), purchase_minor: 100 },
      { type: 'purchase', reference: 'f', ...row, member_id: newId(), at: at(61), purchase_minor: 100 },
      { type: 'purchase', reference: 'g', ...row, at: '2100-01-01T00:00:00.000Z', purchase_minor: 100 },
    ];
    const caller = systemCaller({ partner: given.partner });
    const send = () => ledger.send(caller, importTransactions, { body: { rows } });

    const failed = [
      { index: 2, code: 'INSUFFICIENT_POINTS' },
      { index: 4, code: 'VALIDATION_FAILED' },
      { index: 5, code: 'MEMBER_NOT_FOUND' },
      { index: 6, code: 'VALIDATION_FAILED' },
    ];
    expect((await send()).body.data).toEqual({ booked: 3, duplicates: 0, failed });
    expect((await send()).body.data).toMatchObject({ booked: 0, duplicates: 3 });
    const entries = await ledger.sql`
      select points, balance_after, created_at from entries where partner_id = ${given.partnerId} order by seq
    `;
    expect(entries.map(({ points, balanceAfter }) => [points, balanceAfter])).toEqual([
      [20, 20],
      [-15, 5],
      [-5, 0],
      [10, 10],
    ]);
    expect(entries[3]?.['createdAt'].toISOString()).toBe(at(60));
  });

  it('books ten thousand rows of many members, two thousand a call', async () => {
    const given = await givenProgramme(ledger.sql);
    const caller = systemCaller({ partner: given.partner });
    const members = await times(200, () => givenMember(ledger.sql, given.partnerId));
    const start = Date.UTC(2025, 0, 1);
    const rows = Array.from({ length: 10_000 }, (_, n) => ({
      ...{ reference: `row-${n}`, card_id: given.cardId, member_id: members[n % 200]!.memberId },
      at: new Date(start + n * 60_000).toISOString(),
      ...(n % 4 === 3 ? { type: 'redeem', reward_id: given.rewardId } : { type: 'purchase', purchase_minor: 500 }),
    }));

    let booked = 0;
    for (let n = 0; n < rows.length;) {
      const { status, body } = await ledger.send(caller, importTransactions, {
        body: { rows: rows.slice(n, n + 2_000) },
      });
      // A machine that is too slow is told to come again, and nothing is booked twice.
      if (status === 503) continue;
      booked += body.data.booked + body.data.duplicates + body.data.failed.length;
      n += 2_000;
    }

    expect(booked).toBe(10_000);
  }, 120_000);
});

describe('internal.entries.export', () => {
  it('gives every entry once, in pages up to a fixed end, while the ledger goes on', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await times(25, () => till.buy(1));
    const page = async (after?: string): Promise<Answer<typeof exportEntries>> => {
      const query = { limit: '1000', ...(after === undefined ? {} : { after }) };
      return (await ledger.send(systemCaller(), exportEntries, { query })).body.data;
    };

    const pages = [await page()];
    await till.buy(100);
    for (let next = pages[0]!.next_after; next !== null; next = pages.at(-1)!.next_after) pages.push(await page(next));

    const all = pages.flatMap(({ entries }) => entries);
    const own = all.filter(({ partner_id: id }) => id === given.partnerId);
    expect(new Set(all.map(({ event_id: id }) => id)).size).toBe(all.length);
    expect(own.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
    const [outbox] = await ledger.sql`select data from outbox where event_id = ${own[0]!.event_id}`;
    const { time_zone: _timeZone, ...announced } = outbox!['data'];
    expect(own[0]).toEqual({ ...announced, event_id: own[0]!.event_id, partner_id: given.partnerId });
    expect((await ledger.send(systemCaller(), exportEntries, { query: { after: 'x' } })).status).toBe(422);
  });
});

describe('internal.cards.usage and internal.cards.close', () => {
  it('tells whether a card has transactions, and whether it is closed', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const usage = async () => (await till.send(cardUsage, { params: { id: given.cardId } })).body.data;

    expect(await usage()).toEqual({ has_transactions: false, is_closed: false });
    await till.buy(1);
    await till.redeem();
    expect(await usage()).toEqual({ has_transactions: true, is_closed: false });
    await till.send(closeCard, { params: { id: given.cardId } });
    expect(await usage()).toEqual({ has_transactions: true, is_closed: true });
  });

  it('refuses to close while somebody holds points, and closes for good once nobody does', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const close = () => till.send(closeCard, { params: { id: given.cardId } });
    await till.buy(1);

    expect(await close()).toMatchObject({
      status: 409,
      body: {
        code: 'CONFLICT',
        details: {
          reason: 'open_balances',
          blocking: { members_with_balance: 1, points_outstanding: 10, holds: 0 },
        },
      },
    });
    await till.redeem();
    expect((await close()).body.data).toEqual({ card_id: given.cardId, closed: true });
    expect((await close()).status).toBe(200);
    expect(await till.buy(1)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('lets no purchase slip past a closing card', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const members = await times(30, () => givenMember(ledger.sql, given.partnerId));

    const [closed, ...bought] = await Promise.all([
      till.send(closeCard, { params: { id: given.cardId } }),
      ...members.map(({ email }) => till.buy(1, { member_identifier: email })),
    ]);

    const booked = bought.filter(({ status }) => status === 200).length;
    if (closed!.status === 200) expect(booked).toBe(0);
    else expect(closed!.body.details.blocking.members_with_balance).toBeLessThanOrEqual(booked);
  });
});

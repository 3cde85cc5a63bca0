import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenProgramme, givenTill, startLedger, times, type Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  // Two processes, each with lanes of its own: what they agree on, the database decided.
  ledger = await startLedger(2);
});
afterAll(() => ledger.stop());

describe('POST /partner/transactions/purchase', () => {
  it('makes one transaction of fifty parallel requests with one key, whichever process they reach', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);

    const answers = await times(50, () => till.buy(24.5, {}, { key: 'order-1' }));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await accountsOf(given)).toEqual([{ balance: 245, seq: 1, lots: 245, entries: 1, outbox: 1 }]);
  });
});

describe('POST /partner/transactions/redeem', () => {
  it('lets ten of two hundred parallel requests through when the points suffice for ten', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    await times(10, () => till.buy(1));

    const answers = await times(200, () => till.redeem());

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, body } of refused) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'INSUFFICIENT_POINTS', details: { required: 10, balance: 0 } });
    }
    expect(await accountsOf(given)).toEqual([{ balance: 0, seq: 20, lots: 0, entries: 20, outbox: 20 }]);
  });
});

async function accountsOf({ partnerId }: { partnerId: string }) {
  return ledger.sql`
    select
      balance, seq,
      (select sum(remaining) from lots where partner_id = ${partnerId})::bigint as lots,
      (select count(*) from entries where partner_id = ${partnerId}) as entries,
      (select count(*) from outbox where partner_id = ${partnerId}) as outbox
    from accounts
    where partner_id = ${partnerId}
  `.then((rows) => rows.map((row) => ({ ...row })));
}

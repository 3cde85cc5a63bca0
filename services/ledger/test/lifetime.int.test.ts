import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { PARTNER_WIDE } from '../src/tiers/rules.ts';
import { readLifetime } from '../src/wallet/lifetime.ts';
import { givenProgramme, givenTill, startLedger, type Ledger } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger?.stop());

it('counts a lot that becomes active once, also while the sweep is counting it', async () => {
  const given = await givenProgramme(ledger.sql, { card: { pendingDays: 1 } });
  await givenTill(ledger, given).buy(10);
  const { partnerId, clubId } = given;
  const tomorrow = new Date(Date.now() + 25 * 3_600_000);
  const read = async () => {
    const lifetimeIn = await readLifetime(ledger.sql, given, tomorrow);
    return [lifetimeIn(PARTNER_WIDE), lifetimeIn(clubId)];
  };
  expect(await read()).toEqual([100, 100]);

  let meanwhile: Promise<number[]> | undefined;
  await ledger.sql.begin(async (tx) => {
    await tx`lock table lots in access exclusive mode`;
    meanwhile = read();
    await waitFor('the reader', isWaitingForLots);
    await tx`update lots set is_counted = true where partner_id = ${partnerId}`;
    const clubs = { [clubId]: { lifetime_points: 100, tier_id: null } };
    await tx`
      update member_standings set lifetime_points = 100, clubs = ${tx.json(clubs)} where partner_id = ${partnerId}
    `;
  });

  expect(await meanwhile).toEqual([100, 100]);
  expect(await read()).toEqual([100, 100]);
});

/** Whether the reader stands before the lock. */
async function isWaitingForLots(): Promise<boolean> {
  const waiting = await ledger.sql`
    select 1
    from pg_locks
    where relation = 'lots'::regclass and not granted
      and database = (select oid from pg_database where datname = current_database())
  `;
  return waiting.length > 0;
}

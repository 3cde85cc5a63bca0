import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { reportOf, verifyBooks } from '../src/verify/verify-ledger.ts';
import { keepCounts } from './given-counts.ts';
import { givenProgramme, givenTill, startLedger, type Ledger, type Programme } from './given.ts';
import { backdateStamps, givenStamper, givenStampCard } from './given-stamps.ts';

let ledger: Ledger;
let given: Programme;
let purchaseId: string;
let redemptionId: string;
beforeAll(async () => {
  ledger = await startLedger();
  given = await givenProgramme(ledger.sql, {
    card: { initialBonusPoints: 7, pointsExpirationMonths: 12 },
    reward: { maxNumberToRedeem: 5 },
  });
  const till = givenTill(ledger, given);
  purchaseId = (await till.buy(24.5, { reference: 'receipt' }, { key: 'order-1' })).body.data.transaction_id;
  await till.buy(1, {}, { key: 'order-2' });
  redemptionId = (await till.redeem({}, { key: 'order-3' })).body.data.transaction_id;
  await keepCounts(ledger.sql, given.partnerId);
});
afterAll(() => ledger?.stop());

describe('punchcard ledger verify', () => {
  it('ends with 0 on sound books, and says what it checked', async () => {
    const { code, stdout } = await run();

    expect(stdout).toContain('Checked 1 accounts, 4 entries, 3 lots');
    expect(stdout).toContain('ok    sequence: The entries of an account are numbered from 1 without gaps.');
    expect(stdout).toContain('The ledger is sound.');
    expect(code).toBe(0);
  });

  it('checks one partner alone, if it is told which', async () => {
    const own = await run('--partner', given.partnerId);
    const nobody = await run('--partner', newId());

    expect(own.stdout).toContain('Checked 1 accounts, 4 entries, 3 lots');
    expect(own.stdout).toContain('The ledger is sound.');
    expect(nobody.stdout).toContain('Checked 0 accounts, 0 entries, 0 lots');
  });

  it('ends with 1 on broken books, and names the first violation', async () => {
    const { partnerId } = given;
    await ledger.sql`update accounts set balance = balance + 1 where partner_id = ${partnerId}`;
    const { code, stdout } = await run();
    await ledger.sql`update accounts set balance = balance - 1 where partner_id = ${partnerId}`;

    expect(stdout).toContain('WRONG balance: An account has the balance of its last entry');
    expect(stdout).toContain(`of partner ${partnerId}: expected 252 after 4 entries, found 253 after 4 entries.`);
    expect(code).toBe(1);
  });
});

describe('verifyBooks', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['sequence', (tx) => tx`update entries set seq = 9 where transaction_id = ${redemptionId}`],
    ['balance_chain', (tx) => tx`update entries set balance_after = 1 where transaction_id = ${redemptionId}`],
    [
      'negative',
      async (tx) => {
        await tx`alter table entries drop constraint entries_balance_after_check`;
        await tx`update entries set points = points - 1000, balance_after = balance_after - 1000 where seq = 4`;
      },
    ],
    ['order', (tx) => tx`update entries set created_at = created_at - interval '1 day' where seq = 4`],
    ['balance', (tx) => tx`update accounts set seq = seq + 1`],
    ['balance', (tx) => tx`delete from accounts`],
    ['lots', (tx) => tx`update lots set remaining = 3 where lot_id = ${purchaseId}`],
    ['lots', (tx) => tx`delete from lots where lot_id = ${purchaseId}`],
    ['lots_opened', (tx) => tx`update lots set expires_at = null where lot_id = ${purchaseId}`],
    ['lots_opened', (tx) => tx`update lots set points = points + 1 where lot_id = ${purchaseId}`],
    ['lots_spent', (tx) => tx`update lot_spends set points = points - 1`],
    ['spends', (tx) => tx`update lot_spends set transaction_id = ${purchaseId} where transaction_id = ${redemptionId}`],
    ['spent_in_time', (tx) => tx`update entries set created_at = '2100-01-01' where seq = 4`],
    ['events', (tx) => tx`update entries set event_id = ${newId()}`],
    ['outbox', (tx) => tx`delete from outbox where event_id in (select event_id from entries where seq = 4)`],
    ['outbox', (tx) => tx`update outbox set sequence = 9 where sequence = 4`],
    ['outbox', (tx) => tx`update entries set event_id = ${newId()} where seq = 4`],
    [
      'references',
      async (tx) => {
        await tx`drop index entries_reference`;
        await tx`update entries set reference = 'receipt', kind = 'purchase' where kind = 'bonus'`;
      },
    ],
    [
      'keys',
      (tx) => tx`update idempotency_keys set data = ${tx.json({ transaction_id: newId() })} where key = 'order-1'`,
    ],
    [
      'keys',
      (tx) => tx`
        update idempotency_keys
        set data = (select data from idempotency_keys where key = 'order-1')
        where key = 'order-2'
      `,
    ],
    ['standings', (tx) => tx`update member_standings set lifetime_points = lifetime_points + 1`],
    ['standings', (tx) => tx`update member_standings set clubs = '{}'`],
    ['standings', (tx) => tx`delete from member_standings`],
    ['uses', (tx) => tx`update member_standings set uses = '{}'`],
    ['counters', (tx) => tx`update counters set used = used + 1`],
    ['counts', (tx) => tx`update entry_counts set count = count + 1 where span = 'hour'`],
    ['counts', (tx) => tx`delete from entry_counts where scope_id = ${given.clubId}`],
    ['counts', (tx) => tx`delete from counted_partners`],
    ['counts', (tx) => tx`update counted_to set position = position - 1`],
  ])('finds a broken %s', async (name, spoil) => {
    const verdict = await spoilt(spoil);

    expect(verdict.failed?.check.name).toBe(name);
    expect(reportOf(verdict)).toContain(`WRONG ${name}`);
  });
});

describe('entries', () => {
  it('are never changed or deleted, not even by hand', async () => {
    await expect(ledger.sql`update entries set note = 'x'`).rejects.toThrow('entries are append-only');
    await expect(ledger.sql`delete from entries`).rejects.toThrow('entries are append-only');
  });
});

describe('punchcard ledger verify, of stamps', () => {
  let stampCardId: string;
  beforeAll(async () => {
    const { stampCardId: id, change } = await givenStampCard(ledger.sql, given, { stampsExpireDays: 3 });
    stampCardId = id;
    const till = givenStamper(ledger, given, id);
    await till.add({ stamps: 3 }, { key: 'stamps-1' });
    await backdate(96);
    await till.add({ stamps: 4 });
    await change({ stampsExpireDays: null, rewardPoints: null });
    await till.add({ stamps: 3, reference: 'cup' });
    await till.redeem({}, { key: 'stamps-2' });
    const paying = await givenStampCard(ledger.sql, given, { rewardPoints: 9, rewardCardId: given.cardId });
    await givenStamper(ledger, given, paying.stampCardId).add({ stamps: 5 });
  });

  it('is content with sound ones', async () => {
    expect((await spoilt(async () => undefined)).failed).toBeNull();
  });

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['keys', (tx) => tx`delete from stamp_events where kind = 'redeemed'`],
    ['stamp_chain', (tx) => tx`update stamp_events set seq = 9 where seq = 5`],
    ['stamp_chain', (tx) => tx`update stamp_events set stamps_after = stamps_after - 1 where seq = 3`],
    ['stamp_chain', (tx) => tx`update stamp_events set pending_after = 1 where seq = 5`],
    ['stamp_chain', (tx) => tx`update stamp_events set created_at = created_at - interval '9 days' where seq = 5`],
    ['stamp_cards', (tx) => tx`update stamp_events set stamps_required = 6 where seq = 4`],
    ['stamp_cards', (tx) => tx`update stamp_events set stamps_required = 6 where seq = 3`],
    ['stamp_kinds', (tx) => tx`update stamp_events set kind = 'added' where seq = 5`],
    ['stamp_kinds', (tx) => tx`update stamp_events set points = 5 where seq = 1`],
    ['stamp_expiry', (tx) => tx`update stamp_events set expires_at = expires_at + interval '1 hour' where seq = 1`],
    ['stamp_expiry', (tx) => tx`update stamp_events set expires_at = '2020-01-01' where seq = 3`],
    ['stamp_progress', (tx) => tx`update stamp_progress set open_stamps = '[]'`],
    ['stamp_progress', (tx) => tx`update stamp_progress set pending_rewards = 1`],
    ['stamp_progress', (tx) => tx`delete from stamp_progress`],
    ['stamp_progress', (tx) => tx`update stamp_events set expires_at = '2100-01-01' where seq = 4`],
    ['stamp_points', (tx) => tx`update stamp_events set points = 5 where seq = 4`],
    ['stamp_points', completeAgainByTheSameEntry],
    ['stamp_outbox', (tx) => tx`delete from outbox where type = 'ledger.stamp_card_completed.v1'`],
    ['stamp_outbox', (tx) => tx`update outbox set sequence = 9 where type = 'ledger.stamp_reward_redeemed.v1'`],
  ])('finds a broken %s', async (name, spoil) => {
    const verdict = await spoilt(async (tx) => {
      await tx`alter table stamp_events disable trigger stamp_events_append_only`;
      await tx`alter table stamp_events drop constraint stamp_events_stamps_after_check`;
      await spoil(tx);
    });

    expect(verdict.failed?.check.name).toBe(name);
  });

  it('keeps events from being changed or deleted, even by hand', async () => {
    await expect(ledger.sql`update stamp_events set note = 'x'`).rejects.toThrow('stamp events are append-only');
    await expect(ledger.sql`delete from stamp_events`).rejects.toThrow('stamp events are append-only');
  });

  const backdate = (hours: number) => backdateStamps(ledger.sql, { partnerId: given.partnerId, stampCardId }, hours);
});

/** A second completed card that names the entry which paid for the first. */
async function completeAgainByTheSameEntry(tx: Tx) {
  await tx`
    insert into stamp_events
    select (jsonb_populate_record(e, jsonb_build_object(
      'stamp_event_id', gen_random_uuid(), 'seq', e.seq + 1, 'completed_after', e.completed_after + 1,
      'rewards', 0, 'event_id', gen_random_uuid(), 'completed_event_id', gen_random_uuid()
    ))).*
    from stamp_events e
    where e.points > 0
  `;
  await tx`
    update stamp_progress p
    set seq = p.seq + 1, completed_count = p.completed_count + 1
    from stamp_events e
    where e.seq = 1 and e.points > 0 and (p.partner_id, p.member_id, p.stamp_card_id) = (e.partner_id, e.member_id, e.stamp_card_id)
  `;
}

/** What the proof says of spoilt books. They are mended by rolling back. */
async function spoilt(spoil: (tx: Tx) => Promise<unknown>) {
  let verdict: Awaited<ReturnType<typeof verifyBooks>> | undefined;
  const mend = new Error('mend');
  await ledger.sql
    .begin(async (tx) => {
      await tx`alter table entries disable trigger entries_append_only`;
      await spoil(tx);
      verdict = await verifyBooks(tx);
      throw mend;
    })
    .catch((error: unknown) => {
      if (error !== mend) throw error;
    });
  return verdict!;
}

async function run(...args: string[]): Promise<{ code: number; stdout: string }> {
  const main = fileURLToPath(new URL('../src/verify-main.ts', import.meta.url));
  return new Promise((resolve) => {
    const env = { ...process.env, LEDGER_DATABASE_URL: ledger.url };
    execFile(process.execPath, [main, ...args], { env, timeout: 20_000 }, (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout }),
    );
  });
}

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bootstrapAdminKey,
  createAgentKey,
  createApiKeyPair,
  createPartner,
  createVoucher,
  listTransactions,
  overview,
  purchase,
  redeemVoucher,
} from '@punchcard/contracts';
import { anyPorts, clearStack, databaseUrlOf, environmentOf, startStack, type Stack } from '@punchcard/local';
import { createInternalClient } from '@punchcard/service-kit';
import { apiOf, callerSecretsOf, dataOf, eventually, givenMember, givenProgramme, type Api } from './given.ts';

/** A stack of its own, since its parts are killed. */
let stack: Stack;
let agent: Api;
/** A key each: one may call 1,000 times a minute, and whoever waits for that limit to pass looks like a stack that stands still. */
let tills: Api[];
let partner: Api;
let cardId: string;
let clubId: string;
let memberIds: string[];

const root = resolve(import.meta.dirname, '..');

beforeAll(async () => {
  const dir = resolve(root, '.local/chaos');
  await clearStack(dir);
  stack = await startStack({
    dir,
    ports: anyPorts(),
    env: { ...process.env, GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8', LOG_LEVEL: 'warn' },
  });
  const callerSecrets = callerSecretsOf(stack.facts);
  const internal = createInternalClient({
    ...{ baseUrls: stack.urls, callerSecrets, self: 'gateway' },
    // The first call of all: services are cold.
    timeoutMs: 30_000,
  });
  const { key } = await internal.call(bootstrapAdminKey, { body: { name: 'Chaos' } });
  const admin = apiOf({ 'x-agent-key': key }, stack.baseUrl);
  const name = `Chaos ${randomUUID()}`;
  const made = await dataOf(admin(createPartner, { body: { name, email: 'c@example.com', tier: 'enterprise' } }));
  const agentKey = await dataOf(
    admin(createAgentKey, { params: { id: made.id }, body: { name: 'Till', preset: 'full' } }),
  );
  const pair = await internal.call(createApiKeyPair, { body: { partner_id: made.id, name: 'Office' } });
  await internal.close();
  agent = apiOf({ 'x-agent-key': agentKey.key! }, stack.baseUrl);
  tills = [];
  for (let n = 0; n < 4; n += 1) {
    const body = { name: `Till ${n}`, preset: 'full' } as const;
    const { key: tillKey } = await dataOf(admin(createAgentKey, { params: { id: made.id }, body }));
    tills.push(apiOf({ 'x-agent-key': tillKey! }, stack.baseUrl));
  }
  partner = apiOf({ 'x-api-key': pair.api_key, 'x-api-secret': pair.api_secret }, stack.baseUrl);
  const { card, club } = await givenProgramme(agent);
  [cardId, clubId] = [card.id, club.id];
  memberIds = [];
  for (let n = 0; n < 4; n += 1) memberIds.push((await givenMember(made.slug, stack.baseUrl)).id);
}, 120_000);

// There is none where the preparation failed.
afterAll(() => stack?.stop());

/** So that all of it stays below the 10,000 calls an hour of the partner. */
const PAUSE_MS = 100;

/** How many purchases were acknowledged since the beginning. */
let acknowledged = 0;
let sent = 0;

/** A till as ours are told to be: it repeats with the same key until it has an answer that is no "later". */
async function sellUntilDone(till: Api, isOver: () => boolean): Promise<void> {
  for (; !isOver();) {
    const n = (sent += 1);
    const headers = { 'idempotency-key': `sale-${n}` };
    const memberId = memberIds[n % memberIds.length]!;
    const body = { card_id: cardId, member_identifier: memberId, purchase_amount: 1, reference: `sale-${n}` };
    for (let tries = 0; ; tries += 1) {
      const answer = await till(purchase, { body, headers }).catch(() => undefined);
      if (answer?.status === 200) break;
      const isLater = answer === undefined || answer.body['retry_strategy'] === 'backoff';
      if (!isLater || tries > 240) throw new Error(`Refused: ${JSON.stringify(answer?.body)}`);
      await new Promise((done) => setTimeout(done, 250));
    }
    acknowledged += 1;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

const victims = [
  'gateway',
  'ledger',
  'analytics',
  'partners',
  'catalog',
  'members',
  'staff',
  'vouchers',
  'redis',
  'kafka',
  'postgres',
] as const;

describe('with purchases running', () => {
  it.each(victims)(
    'kill -9 of %s loses nothing, doubles nothing, and ends by itself',
    async (name) => {
      const process =
        name === 'redis' || name === 'kafka' || name === 'postgres' ? stack.parts[name] : stack.services[name];
      let isOver = false;
      const before = acknowledged;
      const selling = Promise.all(tills.map((till) => sellUntilDone(till, () => isOver)));
      try {
        await eventually('sales before the kill', async () => acknowledged > before + 10, 20_000);

        await process.kill('SIGKILL');
        await new Promise((done) => setTimeout(done, 500));
        await process.start();
        const atStart = acknowledged;
        await eventually(`sales after ${name} came back`, async () => acknowledged > atStart + 20, 60_000);
      } finally {
        // Each sale is asked for until it has its answer, else the sums of the victims to come would be wrong.
        isOver = true;
        await selling;
      }

      const { body } = await eventually('the list of transactions', async () => {
        const answer = await agent(listTransactions, { query: { per_page: '1' } }).catch(() => undefined);
        return answer?.status === 200 && answer;
      });
      expect(body).toMatchObject({ pagination: { total: acknowledged } });
      const sold = await eventually(
        'analytics to have all of it',
        async () => {
          const answer = await partner(overview).catch(() => undefined);
          const transactions = answer?.status === 200 && answer.body.data.top_performing_shops[0]?.transactions;
          return transactions !== false && (transactions ?? 0) >= acknowledged && transactions;
        },
        60_000,
      );
      expect(sold).toBe(acknowledged);
    },
    180_000,
  );

  it('the points of vouchers that are redeemed while the ledger is away are booked once it is back, once each', async () => {
    const { ledger } = stack.services;
    const terms = { type: 'bonus_points', value: 150, reward_card_id: cardId } as const;
    const voucher = await dataOf(agent(createVoucher, { body: { club_id: clubId, name: 'Points', ...terms } }));

    await ledger.kill('SIGKILL');
    const redeemed = await Promise.all(
      memberIds.map((memberId) =>
        dataOf(agent(redeemVoucher, { params: { id: voucher.id }, body: { member_identifier: memberId } })),
      ),
    );
    await ledger.start();

    expect(redeemed.map(({ points_status: status }) => status)).toEqual(memberIds.map(() => 'queued'));
    const booked = await eventually(
      'all points',
      async () => {
        const query = { event: 'voucher_bonus_points' } as const;
        const answer = await agent(listTransactions, { query }).catch(() => undefined);
        return answer?.status === 200 && answer.body.data.length >= memberIds.length && answer.body.data;
      },
      60_000,
    );
    expect(booked.map(({ member_id: id, points }) => [id, points]).toSorted()).toEqual(
      memberIds.map((id) => [id, 150]).toSorted(),
    );
  }, 120_000);

  it('leaves a ledger that proves itself', async () => {
    const env = {
      ...process.env,
      ...environmentOf('ledger', stack.facts),
      LEDGER_DATABASE_URL: databaseUrlOf('ledger', stack.facts),
    };
    const verify = spawn('node', ['services/ledger/src/verify-main.ts'], { cwd: root, env });
    let output = '';
    verify.stdout.on('data', (text) => (output += String(text)));
    verify.stderr.on('data', (text) => (output += String(text)));
    const code = await new Promise((done) => verify.on('close', done));

    expect([code, output]).toEqual([0, expect.any(String)]);
  }, 60_000);
});

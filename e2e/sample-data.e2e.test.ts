import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listMembers, overview } from '@punchcard/contracts';
import { connect, type Sql } from '@punchcard/database';
import { anyPorts, clearStack, databaseUrlOf, environmentOf, startStack, type Stack } from '@punchcard/local';
import { apiOf, dataOf } from './given.ts';

/** A stack of its own, since it is seeded. */
let stack: Stack;
let ledger: Sql;

const root = resolve(import.meta.dirname, '..');

beforeAll(async () => {
  const dir = resolve(root, '.local/sample');
  await clearStack(dir);
  stack = await startStack({ dir, ports: anyPorts(), seed: true, env: { ...process.env, LOG_LEVEL: 'warn' } });
  ledger = connect(databaseUrlOf('ledger', stack.facts), { poolMax: 1 });
}, 300_000);

// There is neither where the preparation failed.
afterAll(async () => {
  try {
    await ledger?.end();
  } finally {
    await stack?.stop();
  }
});

describe('the sample data', () => {
  it('are three partners of the three plans, with their keys', () => {
    const partners = stack.credentials?.partners ?? [];

    expect(partners.map(({ tier }) => tier).sort()).toEqual(['enterprise', 'professional', 'standard']);
    for (const partner of partners) {
      expect(partner).toMatchObject({
        agent_key: expect.stringMatching(/^rl_agent_/),
        view_only_key: expect.stringMatching(/^rl_agent_/),
        pos_key: expect.stringMatching(/^rl_agent_/),
        api_key: expect.stringMatching(/^rl_partner_/),
        api_secret: expect.stringMatching(/^rl_secret_/),
      });
    }
  });

  it('are the same in the ledger and in analytics, to the point and the cent', async () => {
    for (const { id, agent_key: key, api_key: apiKey, api_secret: secret } of stack.credentials?.partners ?? []) {
      const [sums] = await ledger<{ issued: number; redeemed: number; purchases: number }[]>`
        select coalesce(sum(points) filter (where points > 0), 0)::bigint as issued,
          coalesce(-sum(points) filter (where event = 'staff_redeemed_points_for_reward'), 0)::bigint as redeemed,
          count(*) filter (where event = 'staff_credited_points_for_purchase') as purchases
        from entries
        where partner_id = ${id}
      `;
      const members = await apiOf({ 'x-agent-key': key }, stack.baseUrl)(listMembers, { query: { per_page: '1' } });
      const office = apiOf({ 'x-api-key': apiKey, 'x-api-secret': secret }, stack.baseUrl);
      const year = await dataOf(office(overview, { query: { date_range: '2y' } }));
      const lifetime = await dataOf(office(overview));

      expect(sums!.purchases).toBeGreaterThan(500);
      expect(lifetime).toMatchObject({
        total_points_issued: sums!.issued,
        total_points_redeemed: sums!.redeemed,
        total_customers: (members.body['pagination'] as { total: number }).total,
      });
      expect(year).toMatchObject({ total_points_issued: sums!.issued, total_points_redeemed: sums!.redeemed });
      expect(year.top_performing_shops.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(sums!.purchases);
    }
  });

  it('prove themselves', async () => {
    const env = {
      ...process.env,
      ...environmentOf('ledger', stack.facts),
      LEDGER_DATABASE_URL: databaseUrlOf('ledger', stack.facts),
    };
    const verify = spawn('node', ['services/ledger/src/verify-main.ts'], { cwd: root, env, stdio: 'ignore' });

    expect(await new Promise((done) => verify.on('close', done))).toBe(0);
  }, 60_000);
});

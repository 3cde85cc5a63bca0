import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createAdminKey,
  createAgentKey,
  health,
  listAgentKeys,
  listClubs,
  memberBalance,
  revokeAgentKey,
  rotateAgentKey,
  updateAgentKey,
  updatePermissions,
} from '@punchcard/contracts';
import { connect } from '@punchcard/database';
import { databaseUrlOf } from '@punchcard/local';
import {
  adminApi,
  apiOf,
  dataOf,
  eventually,
  givenMember,
  givenPartner,
  givenProgramme,
  running,
  type GivenPartner,
} from './given.ts';

const root = resolve(import.meta.dirname, '..');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the operator's command as they type it, against the stack of the tests. A start costs a second of CPU. */
function punchcard(args: string[], env: Record<string, string | undefined> = {}): Promise<Ended> {
  // NODE_OPTIONS is meant for Jest.
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const { baseUrl, adminKey } = running();
  const cache = resolve(root, '.local/compile-cache');
  const own = { PUNCHCARD_URL: baseUrl, PUNCHCARD_ADMIN_KEY: adminKey, NODE_COMPILE_CACHE: cache, ...env };
  const options = { cwd: root, env: { ...inherited, ...own }, timeout: 60_000 };
  return new Promise((done) => {
    execFile(process.execPath, ['infra/local/src/punchcard.ts', ...args], options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

const jsonOf = async (...args: string[]) => {
  const { code, stdout, stderr } = await punchcard([...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string> & Record<string, string>[];
};

const statusOf = async (key: string) => (await apiOf({ 'x-agent-key': key })(listClubs)).status;

/** For tests that start it several times on a machine that is busy. */
const BUSY_MS = 60_000;

let shop: GivenPartner;
beforeAll(async () => {
  shop = await givenPartner();
  await dataOf(adminApi()(updatePermissions, { params: { id: shop.partnerId }, body: { agent_keys_limit: -1 } }));
});

describe('punchcard keys create', () => {
  it(
    'prints a key that works at once, alone on standard output',
    async () => {
      const args = ['--partner', shop.slug, '--name', 'Till 3', '--preset', 'point_of_sale', '--expires-in', '90d'];
      const { code, stdout, stderr } = await punchcard(['keys', 'create', ...args, '--rate-limit', '60']);

      expect([code, stdout]).toEqual([0, expect.stringMatching(/^rl_agent_[0-9A-Za-z]{40}\n$/)]);
      const key = stdout.trim();
      expect(stderr).toContain(key.slice(0, 17));
      expect(stderr).not.toContain(key);
      const { body } = await apiOf({ 'x-agent-key': key })(health);
      const { name, rate_limit: rateLimit, expires_at: end } = body.data.key;
      expect([name, rateLimit]).toEqual(['Till 3', 60]);
      const left = Date.parse(end!) - Date.now();
      expect(Math.round(left / 86_400_000)).toBe(90);
    },
    BUSY_MS,
  );

  it('takes scopes, an id for the partner, an instant for the end, and answers in JSON', async () => {
    const end = '2099-01-01T00:00:00.000Z';
    const key = await jsonOf(
      ...['keys', 'create', '--partner', shop.partnerId, '--name', 'Stock'],
      ...['--scope', 'read', 'write:rewards', '--expires-at', end],
    );

    expect(key).toMatchObject({ name: 'Stock', scopes: ['read', 'write:rewards'], expires_at: end, preset: null });
    expect(await statusOf(key['key']!)).toBe(200);
  });
});

describe('punchcard keys list', () => {
  it('shows the keys of a partner, never with their text, and when each was last used', async () => {
    const before = Date.now();
    const made = await jsonOf('keys', 'create', '--partner', shop.slug, '--name', 'Listed', '--preset', 'view_only');
    expect(await statusOf(made['key']!)).toBe(200);

    const keys = await jsonOf('keys', 'list', '--partner', shop.slug);
    const table = await punchcard(['keys', 'list', '--partner', shop.slug]);

    expect(JSON.stringify(keys)).not.toContain(made['key']!);
    expect(keys.find(({ id }) => id === made['id'])).toMatchObject({ status: 'active', preset: 'view_only' });
    expect(table.stdout).toContain(made['prefix']!);
    expect(table.stdout).toContain('view_only');
    const used = await eventually(
      'the last use',
      async () => {
        const all = await jsonOf('keys', 'list', '--partner', shop.slug);
        return all.find(({ id }) => id === made['id'])?.['last_used_at'] ?? undefined;
      },
      // Gateways tell it every 30 s; what a busy service did not take is told again.
      75_000,
    );
    // Exact to a minute.
    expect(Date.parse(used)).toBeGreaterThan(before - 60_000);
    expect(Date.parse(used)).toBeLessThanOrEqual(Date.now());
  }, 120_000);

  it('shows those of the platform', async () => {
    const keys = await jsonOf('keys', 'list', '--admin');

    expect(keys.map(({ role }) => role)).toEqual(keys.map(() => 'admin'));
    expect(keys.some(({ prefix }) => running().adminKey.startsWith(prefix!))).toBe(true);
  });
});

describe('punchcard keys rotate', () => {
  it(
    'gives a new key while the old one works on, and then ends that',
    async () => {
      const old = await jsonOf('keys', 'create', '--partner', shop.slug, '--name', 'Turning', '--preset', 'view_only');

      const { code, stdout, stderr } = await punchcard(['keys', 'rotate', old['prefix']!, '--overlap', '15s']);
      const next = stdout.trim();

      expect([code, stderr]).toEqual([0, expect.stringContaining('works until')]);
      expect([await statusOf(old['key']!), await statusOf(next)]).toEqual([200, 200]);
      const expiring = { params: { id: shop.partnerId }, query: { status: 'expiring' } } as const;
      expect((await dataOf(adminApi()(listAgentKeys, expiring))).map(({ id }) => id)).toContain(old['id']);
      await eventually('the end of the old key', async () => (await statusOf(old['key']!)) === 401, 20_000);
      expect(await statusOf(next)).toBe(200);
      const again = await punchcard(['keys', 'rotate', old['id']!]);
      expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/expired[\s\S]*keys create/)]);
    },
    BUSY_MS,
  );
});

describe('punchcard keys revoke', () => {
  it.each([
    ['its prefix, whosever it is', (key: Record<string, string>) => [key['prefix']!]],
    ['its whole text', (key: Record<string, string>) => [key['key']!, '--partner', shop.slug]],
  ])(
    'ends a key that is named by %s',
    async (_, named) => {
      const key = await jsonOf('keys', 'create', '--partner', shop.slug, '--name', 'Leaked', '--preset', 'view_only');
      expect(await statusOf(key['key']!)).toBe(200);

      const { code, stdout } = await punchcard(['keys', 'revoke', ...named(key)]);

      expect([code, stdout]).toEqual([0, expect.stringContaining(key['id']!)]);
      await eventually('its end', async () => (await statusOf(key['key']!)) === 401, 1_000);
      const again = await punchcard(['keys', 'revoke', key['prefix']!, '--partner', shop.slug]);
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('revoked already')]);
    },
    BUSY_MS,
  );
});

describe('a key that gateways know', () => {
  const givenKnown = async () => {
    const body = { name: 'Known', preset: 'full' };
    const key = await dataOf(adminApi()(createAgentKey, { params: { id: shop.partnerId }, body }));
    const api = apiOf({ 'x-agent-key': key.key! });
    expect((await api(listClubs)).status).toBe(200);
    return { params: { id: key.id }, codeOf: async () => (await api(listClubs)).body['code'] };
  };

  it('opens nothing within a second of its revocation', async () => {
    const { params, codeOf } = await givenKnown();

    await dataOf(adminApi()(revokeAgentKey, { params }));

    await eventually('its end', async () => (await codeOf()) === 'AUTH_KEY_INACTIVE', 1_000);
  });

  it('may do within a second what it was changed to', async () => {
    const { params, codeOf } = await givenKnown();

    await dataOf(adminApi()(updateAgentKey, { params, body: { scopes: ['write:tiers'] } }));

    await eventually('its new rights', async () => (await codeOf()) === 'AUTH_INSUFFICIENT_SCOPE', 1_000);
  });

  it('ends at once when it is rotated without an overlap', async () => {
    const { params, codeOf } = await givenKnown();

    const next = await dataOf(adminApi()(rotateAgentKey, { params, body: { overlap_seconds: 0 } }));

    await eventually('its end', async () => (await codeOf()) === 'AUTH_KEY_EXPIRED', 1_000);
    expect(await statusOf(next.key!)).toBe(200);
  });
});

describe('punchcard partners list', () => {
  it('finds a partner with its slug and id', async () => {
    const found = await jsonOf('partners', 'list', '--search', shop.slug);
    const { stdout } = await punchcard(['partners', 'list', '--search', shop.slug]);

    expect(found.map(({ id }) => id)).toEqual([shop.partnerId]);
    expect(stdout).toContain(shop.slug);
  });
});

describe('punchcard awards', () => {
  it(
    'lists points that the books refused, and books them once their cause is gone',
    async () => {
      const { agent, partnerId, slug } = await givenPartner();
      const { card } = await givenProgramme(agent);
      const member = await givenMember(slug);
      const { facts, urls } = running();
      const env = { LEDGER_URL: urls.ledger, CALLER_SECRETS: facts.secrets.callerSecrets };
      const reference = randomUUID();
      const nobody = randomUUID();
      const ledger = connect(databaseUrlOf('ledger', facts), { poolMax: 1 });
      const owe = (memberId: string) => ledger`
        insert into owed_awards (partner_id, reference, card_id, member_id, event, points, occurred_at)
        values (${partnerId}, ${reference}, ${card.id}, ${memberId}, 'voucher_bonus_points', 150, now() - interval '3 days')
      `;
      await owe(nobody);
      const list = (...args: string[]) => punchcard(['awards', 'list', '--partner', partnerId, ...args], env);
      await eventually('the refusal', async () => {
        const [owed] = await ledger`select refused_as from owed_awards where reference = ${reference}`;
        return owed?.['refusedAs'] === 'MEMBER_NOT_FOUND';
      });

      const listed = await list();
      expect([listed.code, listed.stderr]).toEqual([0, '']);
      for (const words of [reference, '150 points', '3 days ago', 'MEMBER_NOT_FOUND', partnerId, nobody, card.id]) {
        expect(listed.stdout).toContain(words);
      }
      expect(JSON.parse((await list('--json')).stdout)).toMatchObject([{ reference, member_id: nobody, points: 150 }]);
      const early = await punchcard(['awards', 'retry', reference], env);
      expect([early.code, early.stdout]).toEqual([1, expect.stringContaining('refused again, MEMBER_NOT_FOUND')]);

      // As if the member's event had come at last.
      await ledger`update owed_awards set member_id = ${member.id} where reference = ${reference}`;
      await ledger.end();
      const retried = await punchcard(['awards', 'retry', reference], env);
      expect([retried.code, retried.stdout]).toEqual([0, `${reference}  booked\n`]);
      const balance = await dataOf(agent(memberBalance, { params: { id: member.id, cardId: card.id } }));
      expect(balance).toMatchObject({ balance: 150 });
      expect((await list()).stdout).toBe('No refused awards.\n');
      const again = await punchcard(['awards', 'retry', reference], env);
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`no refused award ${reference}`)]);
    },
    2 * BUSY_MS,
  );
});

describe('what goes wrong is said in words, with exit code 1', () => {
  const create = (...args: string[]) => ['keys', 'create', '--name', 'x', '--preset', 'full', ...args];

  it.each([
    [
      'values that the API refuses, by the names of the options',
      () => create('--partner', shop.slug, '--expires-at', '2020-01-01T00:00:00Z'),
      '--expires-at must lie in the future',
    ],
    ['half a slug', () => create('--partner', shop.slug.slice(0, -1)), 'Did you mean partner-'],
    ['an unknown key', () => ['keys', 'revoke', 'rl_agent_nobodys0'], 'There is no key rl_agent_nobodys0'],
    ['too long an overlap', () => ['keys', 'rotate', shop.partnerId, '--overlap', '8d'], '--overlap'],
  ])(
    '%s',
    async (_, args, words) => {
      const { code, stdout, stderr } = await punchcard(args());

      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(words);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
    BUSY_MS,
  );

  it.each([
    ['a key that nobody has', () => ({ PUNCHCARD_ADMIN_KEY: `rl_admin_${'x'.repeat(40)}` }), 'create-admin'],
    ['the key of a partner', () => ({ PUNCHCARD_ADMIN_KEY: shop.agentKey }), 'holds a partner key'],
    ['an address without Punchcard', () => ({ PUNCHCARD_URL: 'http://127.0.0.1:1' }), 'ECONNREFUSED'],
  ])(
    '%s',
    async (_, env, words) => {
      const { code, stdout, stderr } = await punchcard(['partners', 'list'], env());

      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(words);
    },
    BUSY_MS,
  );

  it(
    'an admin key that may only read',
    async () => {
      const reader = await dataOf(adminApi()(createAdminKey, { body: { name: 'Reader', preset: 'view_only' } }));

      const { code, stderr } = await punchcard(create('--partner', shop.slug), { PUNCHCARD_ADMIN_KEY: reader.key! });

      expect([code, stderr]).toEqual([1, expect.stringContaining('It needs write:keys')]);
    },
    BUSY_MS,
  );

  it(
    'the limit of keys, in which a rotated pair is one',
    async () => {
      const other = await givenPartner();
      await dataOf(adminApi()(updatePermissions, { params: { id: other.partnerId }, body: { agent_keys_limit: 2 } }));
      const second = await jsonOf('keys', 'create', '--partner', other.slug, '--name', 'Second', '--preset', 'full');
      await jsonOf('keys', 'rotate', second['id']!);

      const { code, stderr } = await punchcard(create('--partner', other.slug));

      expect([code, stderr]).toEqual([1, expect.stringContaining('2 of 2')]);
    },
    BUSY_MS,
  );
});

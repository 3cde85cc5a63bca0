import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, PLATFORM_ID } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { beyond, createTestDatabase, scansOf, type TestDatabase } from '@punchcard/testing';
import { findAgentKey, findApiKey } from '../src/gateway-records/platform-views.ts';
import { hasOtherManager, lockKey, recordUse } from '../src/keys/platform-store.ts';
import { countKeys, revokeMemberKeys } from '../src/keys/store.ts';
import { listKeys } from '../src/keys/views.ts';
import { listPartners } from '../src/partners/platform-views.ts';
import { findMember } from '../src/usage/platform-store.ts';
import { saveThing } from '../src/usage/store.ts';

let database: TestDatabase;
const partnerId = newId();
const memberId = newId();
const page = { limit: 25, offset: 0 } as Parameters<typeof listKeys>[2];
const now = new Date();

/** A partner with keys for 8,000 members and 30 of its own, beside 3,000 partners with ten of each and ten pairs; twenty keys of admins. */
beforeAll(async () => {
  database = await createTestDatabase('partners', { statementTimeoutMs: 120_000 });
  const { sql } = database;
  await sql`
    insert into networks (network_id, name, created_at)
    select md5('network' || n)::uuid, 'Network ' || n, now()
    from generate_series(1, 2000) n
  `;
  await sql`
    insert into partners (partner_id, name, slug, email, tier, status, limited, network_id, currency, time_zone, locale, gates,
      created_at, updated_at)
    select case when n = 1 then ${partnerId}::uuid else gen_random_uuid() end, 'Bean', 'bean-' || n, 'x@example.com', 'gold',
      'active', false, md5('network' || n % 2000 + 1)::uuid, 'EUR', 'UTC', 'en_US', '{}', now() - make_interval(mins => n), now()
    from generate_series(1, 3001) n
  `;
  await sql`
    insert into agent_keys (partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, created_at)
    select partner_id, key_id, role, case when role = 'member' then case when n = 1 and partner_id = ${partnerId} then ${memberId}::uuid else gen_random_uuid() end end,
      'Till', 'rk', partner_id || role || n, '{admin}', 60, now() - make_interval(mins => n)
    from (
      select partner_id, 'partner' as role, generate_series(1, case when partner_id = ${partnerId} then 30 else 10 end) as n
      from partners
      union all
      select partner_id, 'member', generate_series(1, case when partner_id = ${partnerId} then 8000 else 10 end)
      from partners
      union all
      select ${PLATFORM_ID}, 'admin', generate_series(1, 20)
    ) series
    cross join lateral (select gen_random_uuid() as key_id where n > 0) fresh
  `;
  await sql`
    insert into api_keys (partner_id, key_id, name, prefix, key_hash, secret_hash, permissions, allowed_ips, rate_limit, created_at)
    select partner_id, gen_random_uuid(), 'Shop', 'pk', partner_id::text || n, 'x', '{}', '{}', 60, now()
    from partners
    cross join generate_series(1, 10) n
  `;
  await sql`
    insert into things (partner_id, kind, thing_id, is_gone, sequence)
    select partner_id, 'members', coalesce(member_id, key_id), false, 1
    from agent_keys
  `;
  await sql`
    insert into usage_counts (partner_id, kind, count)
    select partner_id, kind, 1000
    from partners
    cross join unnest('{clubs,cards,rewards,members,staff}'::text[]) as kinds (kind)
  `;
  await sql`vacuum analyze`;
}, 180_000);
afterAll(() => database.drop());

describe('among tens of thousands of keys', () => {
  const keysOf = (count: number) => database.sql<{ keyId: string }[]>`
    select key_id from agent_keys where partner_id = ${partnerId} order by key_id limit ${count}
  `;
  const wanted = { partnerId, now, revokedSince: new Date(0) };
  const thing = { partnerId, kind: 'members', thingId: memberId, isGone: true, sequence: 2 } as const;

  it.each<[string, number, (sql: Sql & Tx) => Promise<unknown>]>([
    ['a key by its HMAC', 1, (sql) => findAgentKey(sql, `${partnerId}partner7`)],
    ["a member's key by its HMAC", 1, (sql) => findAgentKey(sql, `${partnerId}member7`)],
    ['a pair by its HMAC', 1, (sql) => findApiKey(sql, `${partnerId}7`)],
    ['a key by its id', 1, async (sql) => lockKey(sql, (await keysOf(1))[0]!.keyId)],
    ["the list of a partner's keys", 30, (sql) => listKeys(sql, { ...wanted, role: 'partner' }, page)],
    ["the list of a member's keys", 5, (sql) => listKeys(sql, { ...wanted, role: 'member', memberId }, page)],
    [
      "the list of admins' keys",
      25,
      (sql) => listKeys(sql, { ...wanted, role: 'admin', partnerId: PLATFORM_ID }, page),
    ],
    ['another admin key', 20, (sql) => hasOtherManager(sql, newId(), now)],
    ["a member's keys that end", 1, (sql) => revokeMemberKeys(sql, { partnerId, memberId, except: null, now })],
    ['a partner', 30, (sql) => listPartners(sql, { partnerId }, page)],
    ['whose member it is', 1, (sql) => findMember(sql, memberId)],
    ['a thing that went', 1, (sql) => saveThing(sql, thing)],
  ])('%s reads at most %i rows of a table', async (_name, most, work) => {
    expect(beyond(most, await scansOf(database.sql, work))).toEqual([]);
  });

  it.each([1, 50])('%i uses read the rows of so many keys', async (count) => {
    const used = (await keysOf(count)).map(({ keyId }) => ({ keyId, at: now }));

    expect(beyond(count, await scansOf(database.sql, (sql) => recordUse(sql, used)))).toEqual([]);
  });

  it('the first page of partners shows their usage without reading the keys of their members', async () => {
    const read = await scansOf(database.sql, (sql) => listPartners(sql, {}, page));

    expect(read.filter(({ by, isCount, rows }) => !isCount && (by === 'Seq Scan' || rows > 300))).toEqual([]);
  });

  it.each<[string, Pick<Parameters<typeof countKeys>[1], 'role' | 'memberId'>]>([
    ["a partner's own keys", { role: 'partner' }],
    ["a member's keys", { role: 'member', memberId }],
  ])('%s are counted without those of the other members', async (_name, whose) => {
    const read = await scansOf(database.sql, (sql) => countKeys(sql, { partnerId, now, ...whose }));

    expect(read.filter(({ by, rows }) => by === 'Seq Scan' || rows > 30)).toEqual([]);
  });
});

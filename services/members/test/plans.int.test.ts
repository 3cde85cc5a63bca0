import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { beyond, createTestDatabase, scansOf, type TestDatabase } from '@punchcard/testing';
import { findAnyMember, listAllMembers } from '../src/all-members/platform-views.ts';
import { searchFor } from '../src/members/routes.ts';
import { findByIdentifier, findMember, listMembers } from '../src/members/views.ts';
import { recordLogins } from '../src/use/platform-store.ts';
import { noteInteractions } from '../src/use/store.ts';

let database: TestDatabase;
const partners = Array.from({ length: 20 }, () => newId());
const partnerId = partners[0]!;

beforeAll(async () => {
  database = await createTestDatabase('members', { statementTimeoutMs: 120_000 });
  await database.sql`
    insert into members (partner_id, member_id, unique_identifier, name, email, member_number, locale, time_zone, is_anonymous,
      communication_preferences, created_at, updated_at)
    select partner_id, gen_random_uuid(), 'u-' || n, md5(partner_id::text || n), n || '@example.com', 'N-' || n, 'en_US', 'UTC', false,
      '{}', now() - make_interval(mins => n), now()
    from unnest(${partners}::uuid[]) as p (partner_id)
    cross join generate_series(1, 2000) n
  `;
  await database.sql`analyze`;
}, 180_000);
afterAll(() => database.drop());

const page = { limit: 25, offset: 0 } as Parameters<typeof listMembers>[2];
const used = Array.from({ length: 500 }, () => ({ partnerId, memberId: newId(), at: new Date() }));
const named = searchFor('abcdef');

describe('members', () => {
  it.each<[string, (sql: TestDatabase['sql']) => Promise<unknown>, number?]>([
    ["a partner's search", (sql) => listMembers(sql, { partnerId, search: named }, page)],
    ['a search by e-mail', (sql) => listMembers(sql, { partnerId, search: searchFor('7@example.com') }, page)],
    ['a member by id', (sql) => findMember(sql, partnerId, newId())],
    ['a member by number', (sql) => findByIdentifier(sql, partnerId, { kind: 'member_number', value: 'N-7' })],
    ["an admin's look at one", (sql) => findAnyMember(sql, newId())],
    ["an admin's list of a partner", (sql) => listAllMembers(sql, { partnerId, search: null }, page)],
    ["an admin's search of all", (sql) => listAllMembers(sql, { partnerId: undefined, search: named }, page)],
    ['what gateways tell', (sql) => recordLogins(sql, used), used.length],
    ['what the ledger tells', (sql) => noteInteractions(sql as never, used), used.length],
  ])('are read by key, or a page of them, by %s', async (_name, work, most = 100) => {
    expect(beyond(most, await scansOf(database.sql, work))).toEqual([]);
  });
});

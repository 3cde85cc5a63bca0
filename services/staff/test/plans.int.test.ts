import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { beyond, createTestDatabase, scansOf, vacuum, type TestDatabase } from '@punchcard/testing';
import { requireClub } from '../src/clubs/require-club.ts';
import { saveClub } from '../src/clubs/store.ts';
import { countStaff, countStaffOfClub, findStaffIdByEmail, moveToClub, type StaffMember } from '../src/staff/store.ts';
import { getStaffView, listStaff } from '../src/staff/views.ts';

let database: TestDatabase;
const partners = Array.from({ length: 20 }, () => newId());
const partnerId = partners[0]!;
const [clubId, staffId] = [newId(), newId()];
const page = { limit: 25, offset: 0 } as Parameters<typeof listStaff>[2];

/** The partner has 5,000 staff at 200 clubs, of which the one that is asked for has 25; the others have 1,500 staff each. */
beforeAll(async () => {
  database = await createTestDatabase('staff', { statementTimeoutMs: 120_000 });
  const { sql } = database;
  await sql`
    create table numbers as
    select partner_id, n, now() - make_interval(mins => n) as t,
      case when partner_id = ${partnerId} and n = 2500 then ${staffId}::uuid else gen_random_uuid() end as staff_id,
      case when partner_id = ${partnerId} and n % 200 = 0 then ${clubId}::uuid else md5(partner_id || 'club' || n % 200)::uuid end as club_id
    from (
      select partner_id, generate_series(1, case when partner_id = ${partnerId} then 5000 else 1500 end) as n
      from unnest(${partners}::uuid[]) as p (partner_id)
    ) series
  `;
  await sql`
    insert into staff (partner_id, staff_id, name, email, email_key, search_key, locale, time_zone, is_active, created_at, updated_at)
    select partner_id, staff_id, 'Ona ' || n, n || '@example.com', n || '@example.com', 'ona ' || n, 'en_US', 'UTC', true, t, t
    from numbers
  `;
  await sql`
    insert into staff_shops (partner_id, staff_id, position, club_id)
    select partner_id, staff_id, 0, club_id
    from numbers
  `;
  await sql`
    insert into clubs (partner_id, club_id, name, is_deleted, sequence)
    select distinct partner_id, club_id, 'Old Town', false, 1
    from numbers
  `;
  await sql`
    insert into club_holds (partner_id, club_id, hold_id, held_until)
    select distinct partner_id, club_id, ${newId()}::uuid, now() - interval '1 day'
    from numbers
  `;
  await vacuum(sql);
}, 180_000);
afterAll(() => database.drop());

const now = new Date();
const somebody = { partnerId, staffId, clubId, email: '2500@example.com' } as StaffMember;

describe('staff', () => {
  it.each<[string, number, (sql: Sql & Tx) => Promise<unknown>]>([
    ['the first page of the list', 25, (sql) => listStaff(sql, { partnerId }, page)],
    ['those who may work', 25, (sql) => listStaff(sql, { partnerId, isActive: true }, page)],
    ['those of a club', 25, (sql) => listStaff(sql, { partnerId, clubId }, page)],
    ['one by id', 1, (sql) => getStaffView(sql, { partnerId, staffId })],
    ['one by e-mail', 1, (sql) => findStaffIdByEmail(sql, somebody)],
    ['one who moves', 1, (sql) => moveToClub(sql, somebody)],
    ['a club that somebody is put in', 1, (sql) => requireClub(sql, { partnerId, clubId }, now)],
    [
      'a change of a club',
      1,
      (sql) =>
        saveClub(sql, { partnerId, clubId, name: 'New', isDeleted: false, sequence: 2 }).then(() =>
          getStaffView(sql, somebody),
        ),
    ],
  ])('%s reads at most %i rows of a table', async (_name, most, work) => {
    expect(beyond(most, await scansOf(database.sql, work))).toEqual([]);
  });

  it.each<[string, (sql: Sql & Tx) => Promise<unknown>]>([
    ['of a partner', (sql) => countStaff(sql, partnerId)],
    ['of a club', (sql) => countStaffOfClub(sql, { partnerId, clubId })],
    ['of the list', (sql) => listStaff(sql, { partnerId }, page)],
  ])('%s are counted from an index alone', async (_name, work) => {
    const read = (await scansOf(database.sql, work)).filter(({ isCount }) => isCount);

    expect(read).toEqual([expect.objectContaining({ by: 'Index Only Scan', heapFetches: 0 })]);
  });
});

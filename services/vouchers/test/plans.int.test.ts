import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { beyond, createTestDatabase, scansOf, type TestDatabase } from '@punchcard/testing';
import { getBatchView, listCodes, listCodesAfter } from '../src/batches/views.ts';
import { countPayingVouchers } from '../src/cards/store.ts';
import { dependsOnStanding, listMyVouchers } from '../src/member-vouchers/views.ts';
import { countMemberUses, findByCode, findMatches } from '../src/redemptions/views.ts';
import { getVoucherView, listVouchers } from '../src/vouchers/views.ts';

let database: TestDatabase;
const partners = Array.from({ length: 20 }, () => newId());
const partnerId = partners[0]!;
const [batchId, clubId, voucherId, memberId] = [newId(), newId(), newId(), newId()];
const page = { limit: 25, offset: 0 } as Parameters<typeof listVouchers>[2];
const now = new Date();
const question = { partnerId, memberId, now, registeredAt: now };

/** Each partner has 1,000 vouchers of its own and 1,000 codes of one of its batches; members and what they used are as many. */
beforeAll(async () => {
  database = await createTestDatabase('vouchers', { statementTimeoutMs: 120_000 });
  const { sql } = database;
  await sql`
    insert into voucher_batches (partner_id, batch_id, name, status, count, pattern, template, job_id, attempts, due_at, created_at, updated_at)
    select partner_id, case when n = 1 then ${batchId}::uuid else gen_random_uuid() end, 'Flyers', 'completed', 1000, 'XXXXXXXX', '{}', gen_random_uuid(), 0, now(), now(), now()
    from unnest(${partners}::uuid[]) as p (partner_id)
    cross join generate_series(1, 100) n
  `;
  await sql`
    insert into vouchers (partner_id, voucher_id, club_id, code, name, search_key, type, value, currency, target_tiers,
      first_order_only, is_active, is_visible_by_default, times_used, batch_id, batch_position, version, created_at, updated_at)
    select partner_id, case when n = 1 then ${voucherId}::uuid else gen_random_uuid() end,
      case when n % 10 = 0 then ${clubId}::uuid else gen_random_uuid() end, 'CODE' || n, 'Voucher ' || n, 'voucher ' || n,
      'percentage', 10, 'EUR', '{}', false, true, true, 0, case when n > 1000 then ${batchId}::uuid end,
      case when n > 1000 then n end, 1, now() - make_interval(mins => n), now()
    from unnest(${partners}::uuid[]) as p (partner_id)
    cross join generate_series(1, 2000) n
  `;
  await sql`
    insert into members (partner_id, member_id, registered_at, is_anonymised, sequence)
    select partner_id, gen_random_uuid(), now(), false, 1
    from unnest(${partners}::uuid[]) as p (partner_id)
    cross join generate_series(1, 1000) n
  `;
  await sql`
    insert into member_identifiers (partner_id, identifier, member_id, kind)
    select partner_id, member_id::text, member_id, 'id'
    from members
  `;
  await sql`
    insert into voucher_member_uses (partner_id, voucher_id, member_id, uses)
    select partner_id, gen_random_uuid(), member_id, 1
    from members
  `;
  await sql`
    insert into cards (partner_id, card_id, is_deleted, sequence)
    select partner_id, gen_random_uuid(), false, 1
    from members
  `;
  await sql`analyze`;
}, 180_000);
afterAll(() => database.drop());

type Sql = TestDatabase['sql'];

describe('vouchers', () => {
  it.each<[string, (sql: Sql) => Promise<unknown>, number?]>([
    ['the list', (sql) => listVouchers(sql, { partnerId }, page)],
    ['the list of a club', (sql) => listVouchers(sql, { partnerId, clubId }, page), 300],
    ['a search', (sql) => listVouchers(sql, { partnerId, search: 'flyer' }, page), 1_000],
    ['a search by code', (sql) => listVouchers(sql, { partnerId, code: 'CODE7' }, page)],
    ['the list of a batch', (sql) => listVouchers(sql, { partnerId, batchId }, page), 1_000],
    ['one by id', (sql) => getVoucherView(sql, { partnerId, voucherId })],
    ['a till that shows a code', (sql) => findByCode(sql, { partnerId, clubId, code: 'CODE10' })],
    ['who a member is', (sql) => findMatches(sql, partnerId, [{ kind: 'id', identifier: newId() }])],
    ['how often a member used one', (sql) => countMemberUses(sql, { partnerId, voucherId, memberId })],
    ['what pays onto a card', (sql) => countPayingVouchers(sql, { partnerId, cardId: newId() }, now)],
    ['a batch', (sql) => getBatchView(sql, { partnerId, batchId }), 1_000],
    ['its codes', (sql) => listCodes(sql, { partnerId, batchId, used: false }, page)],
    ['its file of codes', (sql) => listCodesAfter(sql, { partnerId, batchId, after: 1_500, limit: 100 })],
    ["a member's look at what depends on tiers", (sql) => dependsOnStanding(sql, question), 1_000],
    [
      "a member's list",
      (sql) => listMyVouchers(sql, { ...question, standing: { tierIds: [newId()], hasPurchased: true } }, page),
      1_000,
    ],
  ])(
    'are read by key, or a page, or at most what one batch or one hand made, by %s',
    async (_name, work, most = 100) => {
      expect(beyond(most, await scansOf(database.sql, work))).toEqual([]);
    },
  );
});

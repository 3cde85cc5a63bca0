import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { beyond, createTestDatabase, scansOf, type TestDatabase } from '@punchcard/testing';
import { getCardView, listCards } from '../src/cards/views.ts';
import { listClubs } from '../src/clubs/views.ts';
import { listSeenCards, listSeenRewards } from '../src/members/views.ts';
import { getRewardView, listRewards } from '../src/rewards/views.ts';
import { listStampCards } from '../src/stamp-cards/views.ts';
import { listTiers } from '../src/tiers/views.ts';

let database: TestDatabase;
const partners = Array.from({ length: 40 }, () => newId());
const partnerId = partners[0]!;
const [clubId, cardId, rewardId] = [newId(), newId(), newId()];
const page = { limit: 25, offset: 0 } as Parameters<typeof listCards>[2];
const now = new Date();
const eyes = { partnerId, usedCardIds: [cardId], now };

/** Each partner has 500 clubs, cards, rewards (each on one card), tiers and stamp cards; the first of each has the id that is asked for. */
beforeAll(async () => {
  database = await createTestDatabase('catalog', { statementTimeoutMs: 120_000 });
  const { sql } = database;
  await sql`
    create temporary table numbers as
    select partner_id, n, now() - make_interval(mins => n) as t,
      case when n = 1 then ${clubId}::uuid else gen_random_uuid() end as club_id,
      case when n = 1 then ${cardId}::uuid else gen_random_uuid() end as card_id,
      case when n = 1 then ${rewardId}::uuid else gen_random_uuid() end as reward_id
    from unnest(${partners}::uuid[]) as p (partner_id)
    cross join generate_series(1, 500) n
  `;
  await sql`
    insert into clubs (partner_id, club_id, name, name_key, status, created_at, updated_at)
    select partner_id, club_id, 'Club ' || n, 'club ' || n, 'active', t, t
    from numbers
  `;
  await sql`
    insert into cards (partner_id, card_id, club_id, unique_identifier, name, search_key, issue_date, currency, currency_unit_minor,
      points_per_currency, round_points_up, initial_bonus_points, points_expiration_rounding, pending_days, reversal_policy,
      is_active, is_visible_by_default, bg_color_opacity, created_at, updated_at)
    select partner_id, card_id, club_id, 'card-' || n, 'Card ' || n, 'card ' || n, t, 'EUR', 100, 10, false, 0, 'none', 0,
      'limited', true, true, 100, t, t
    from numbers
  `;
  await sql`
    insert into rewards (partner_id, reward_id, name, search_key, title, points, is_active, reward_type, images, created_at, updated_at)
    select partner_id, reward_id, 'Reward ' || n, 'reward ' || n, '{}', 10, true, 'standard', '{}', t, t
    from numbers
  `;
  await sql`
    insert into card_rewards (partner_id, reward_id, card_id, card_position, reward_position)
    select partner_id, reward_id, card_id, 1, 1
    from numbers
  `;
  await sql`
    insert into tiers (partner_id, tier_id, club_id, name, name_key, level, points_threshold, multiplier_bp, redemption_discount_bp,
      is_default, is_active, created_at, updated_at)
    select partner_id, gen_random_uuid(), club_id, 'Tier', 'tier', 1, 0, 10000, 0, true, true, t, t
    from numbers
  `;
  await sql`
    insert into stamp_cards (partner_id, stamp_card_id, club_id, name, search_key, title, stamps_required, stamps_per_purchase,
      currency, requires_physical_claim, is_active, is_visible_by_default, created_at, updated_at)
    select partner_id, gen_random_uuid(), club_id, 'Stamps ' || n, 'stamps ' || n, '{}', 10, 1, 'EUR', true, true, true, t, t
    from numbers
  `;
  await sql`insert into reward_usage (partner_id, reward_id, redemptions) select partner_id, reward_id, n from numbers`;
  await sql`insert into tier_usage (partner_id, tier_id, members) select partner_id, tier_id, 1 from tiers`;
  await sql`analyze`;
}, 180_000);
afterAll(() => database.drop());

describe('the catalog', () => {
  it.each<[string, (sql: TestDatabase['sql']) => Promise<unknown>, number?]>([
    ['the list of clubs', (sql) => listClubs(sql, { partnerId, search: 'club 4' }, page), 500],
    ['the list of cards', (sql) => listCards(sql, { partnerId, now }, page)],
    ['the cards of a club', (sql) => listCards(sql, { partnerId, clubId, status: 'active', now }, page)],
    ['a card by id', (sql) => getCardView(sql, { partnerId, cardId, now })],
    ['the list of rewards', (sql) => listRewards(sql, { partnerId, isActive: true }, page)],
    ['the rewards of a card', (sql) => listRewards(sql, { partnerId, cardId }, page)],
    ['a reward by id', (sql) => getRewardView(sql, { partnerId, rewardId })],
    ['the list of stamp cards', (sql) => listStampCards(sql, { partnerId, clubId }, page)],
    ['the tiers of a club', (sql) => listTiers(sql, { partnerId, clubId }, page), 500],
    ['the cards that a member sees', (sql) => listSeenCards(sql, eyes, page)],
    ['the rewards that a member sees', (sql) => listSeenRewards(sql, eyes, page), 500],
  ])('is read by key, or a page, or at most what one partner has, by %s', async (_name, work, most = 100) => {
    expect(beyond(most, await scansOf(database.sql, work))).toEqual([]);
  });
});

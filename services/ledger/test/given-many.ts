import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { vacuum } from '@punchcard/testing';
import { givenMember, givenProgramme, givenStaff } from './given.ts';

/** Of the busy member, all on the one card; the others are spent. Of the other members half are. */
export const BUSY = { entries: 4_000, open: 100 };

const EVENT = 'staff_credited_points_for_purchase';

/**
 * A partner with 20,000 entries, a fifth of them of one member, beside ten partners with 1,500 each, and all that belongs to them.
 * Every hundredth entry was claimed with a code, every fiftieth booked by one of the staff, every five hundredth is pending.
 */
export async function givenMany(sql: Sql) {
  const given = await givenProgramme(sql, {
    reward: { points: 10, maxNumberToRedeem: 1_000_000 },
    tiers: [
      { name: 'bronze', isDefault: true },
      { name: 'gold', pointsThreshold: 100 },
    ],
  });
  const [{ memberId: quietId }, { staffId }] = await Promise.all([
    givenMember(sql, given.partnerId),
    givenStaff(sql, given),
  ]);
  const all = { ...given, quietId, staffId };
  await fillHistory(sql, all);
  await fillCopies(sql);
  await vacuum(sql);
  return all;
}

export type Many = Awaited<ReturnType<typeof givenMany>>;

async function fillHistory(sql: Sql, { partnerId, clubId, cardId, memberId, quietId, staffId }: Many): Promise<void> {
  const others = Array.from({ length: 10 }, () => newId());
  await sql`
    create table numbers as
    select partner_id, n, gen_random_uuid() as id, now() - make_interval(mins => n) as t,
      case when partner_id = ${partnerId} and n <= ${BUSY.entries} then n > ${BUSY.open} else n % 2 = 0 end as is_spent,
      case
        when partner_id <> ${partnerId} or n > ${BUSY.entries} + 5 then md5(partner_id || 'member' || n / 3)::uuid
        when n > ${BUSY.entries} then ${quietId}::uuid
        else ${memberId}::uuid
      end as member_id,
      case
        when partner_id = ${partnerId} and (n <= ${BUSY.entries} + 5 or n % 10 > 0) then ${cardId}::uuid
        else md5(partner_id || 'card')::uuid
      end as card_id,
      case when partner_id = ${partnerId} and n % 10 > 0 then ${clubId}::uuid else md5(partner_id || 'club')::uuid end as club_id
    from (
      select partner_id, generate_series(1, case when partner_id = ${partnerId} then 20000 else 1500 end) as n
      from unnest(${[partnerId, ...others]}::uuid[]) as p (partner_id)
    ) series
  `;
  await sql`
    insert into entries (partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id,
      currency, reference, claim_code, staff_id, activates_at, occurred_at, created_at)
    select partner_id, id, member_id, card_id, club_id, 'purchase',
      case when n % 1000 = 0 then 'initial_bonus_points' else ${EVENT} end, 10, n, 10, id, 'EUR', 'R-' || n,
      case when n % 100 = 0 then 'C-' || n end, case when n % 50 = 0 then ${staffId}::uuid end,
      case when n % 500 = 0 then now() + interval '1 day' end, t, t
    from numbers
  `;
  await sql`
    insert into lots (partner_id, member_id, card_id, lot_id, points, remaining, earned_at, activates_at, expires_at, is_counted)
    select partner_id, member_id, card_id, id, 10, case when is_spent then 0 else 10 end, t,
      case when n % 500 = 0 then now() + interval '1 day' end, t + interval '1 year', n % 500 > 0
    from numbers
  `;
  await sql`
    insert into lot_spends (partner_id, transaction_id, lot_id, points)
    select partner_id, gen_random_uuid(), id, 10
    from numbers
    where is_spent
  `;
  await sql`
    insert into accounts (partner_id, member_id, card_id, club_id, currency, balance, seq, has_purchased, last_entry_at)
    select distinct on (partner_id, member_id, card_id) partner_id, member_id, card_id, club_id, 'EUR', 1000, 20000, true, t
    from numbers
    order by partner_id, member_id, card_id, t desc
  `;
  await sql`
    insert into member_standings (partner_id, member_id, lifetime_points, clubs, uses, tier_moves)
    select distinct partner_id, member_id, 10, '{}'::jsonb, '{}'::jsonb, 0
    from numbers
  `;
  await sql`
    insert into idempotency_keys (partner_id, scope, key, request_hash, data)
    select partner_id, 'partner', 'K-' || n, 'x', '{}'
    from numbers
  `;
}

/** A member for each account, and of the catalog and staff 500 a partner. */
async function fillCopies(sql: Sql): Promise<void> {
  await sql`
    insert into members (partner_id, member_id, is_anonymised, sequence)
    select partner_id, member_id, false, 1
    from member_standings
    on conflict do nothing
  `;
  await sql`
    insert into member_identifiers (partner_id, identifier, member_id, kind, is_findable)
    select partner_id, member_id::text, member_id, 'id', true
    from member_standings
    on conflict do nothing
  `;
  await sql`
    insert into partners (partner_id, time_zone, locale, sequence)
    select gen_random_uuid(), 'UTC', 'en_US', 1
    from generate_series(1, 2000)
  `;
  await sql`
    insert into clubs (partner_id, club_id, is_active, sequence)
    select partner_id, id, true, 1
    from numbers
    where n <= 500
  `;
  await sql`
    insert into cards (partner_id, card_id, club_id, is_active, issue_date, currency, currency_unit_minor, points_per_currency,
      round_points_up, initial_bonus_points, points_expiration_rounding, pending_days, is_deleted, sequence)
    select partner_id, id, id, true, t, 'EUR', 100, 10, false, 0, 'none', 0, false, 1
    from numbers
    where n <= 500
  `;
  await sql`
    insert into closed_cards (partner_id, card_id, closed_at)
    select partner_id, id, t
    from numbers
    where n <= 500
  `;
  await sql`
    insert into rewards (partner_id, reward_id, card_ids, name, titles, points, is_active, is_deleted, sequence)
    select partner_id, id, array[id], 'Coffee', '{}', 10, true, false, 1
    from numbers
    where n <= 500
  `;
  await sql`
    insert into counters (partner_id, kind, id, used)
    select partner_id, 'reward', id, 0
    from numbers
    where n <= 500
  `;
  await sql`
    insert into tiers (partner_id, tier_id, scope_id, name, points_threshold, multiplier_bp, redemption_discount_bp, is_default,
      is_active, is_deleted, level, sequence)
    select partner_id, id, id, 'bronze', 0, 10000, 0, true, true, false, 1, 1
    from numbers
    where n <= 500
  `;
  await sql`
    insert into staff (partner_id, staff_id, club_id, display_name, is_active, is_deleted, sequence)
    select partner_id, id, id, 'Ona', true, false, 1
    from numbers
    where n <= 500
  `;
}

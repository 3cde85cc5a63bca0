import type { Sql } from '@punchcard/database';
import { PARTNER_WIDE, type Tier } from '../tiers/rules.ts';

export interface AccountKey {
  partnerId: string;
  memberId: string;
  cardId: string;
}

export interface CardTerms {
  clubId: string;
  currency: string;
  isDeleted: boolean;
}

export async function findCardTerms(sql: Sql, partnerId: string, cardId: string): Promise<CardTerms | undefined> {
  const [card] = await sql<CardTerms[]>`
    select club_id, currency, is_deleted
    from cards
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  return card;
}

export async function findTiers(sql: Sql, partnerId: string, clubId: string): Promise<Tier[]> {
  return sql<Tier[]>`
    select
      tier_id, scope_id, name, points_threshold, multiplier_bp, redemption_discount_bp, is_default,
      is_active and not is_deleted as is_active, is_deleted
    from tiers
    where partner_id = ${partnerId} and scope_id in (${clubId}, ${PARTNER_WIDE})
  `;
}

export interface Balance {
  total: number;
  pending: number;
  nextExpiry: Date | null;
  nextExpiryPoints: number;
  nextActivation: Date | null;
  nextActivationPoints: number;
}

/** From now on: what is open, as of `at`. Points that are due count no more, whether their expiry was booked or not. */
export async function balanceFrom(sql: Sql, { partnerId, memberId, cardId }: AccountKey, at: Date): Promise<Balance> {
  const [balance] = await sql<[Balance]>`
    with open as materialized (
      select remaining, activates_at, expires_at
      from lots
      where partner_id = ${partnerId} and member_id = ${memberId} and card_id = ${cardId}
        and remaining > 0 and (expires_at is null or expires_at > ${at})
    )
    ${sums(sql, at)}
  `;
  return balance;
}

/** Before now: what was open then, by the entries booked until now. Each lot less what was taken of it by then. */
export async function balanceThen(sql: Sql, { partnerId, memberId, cardId }: AccountKey, at: Date): Promise<Balance> {
  const [balance] = await sql<[Balance]>`
    with open as materialized (
      select l.points - coalesce(spent.points, 0) as remaining, l.activates_at, l.expires_at
      from lots l
      join entries opening on opening.partner_id = l.partner_id and opening.transaction_id = l.lot_id
      left join lateral (
        select sum(s.points)::bigint as points
        from lot_spends s
        join entries e using (partner_id, transaction_id)
        where s.partner_id = l.partner_id and s.lot_id = l.lot_id and e.occurred_at <= ${at}
      ) spent on true
      where l.partner_id = ${partnerId} and l.member_id = ${memberId} and l.card_id = ${cardId}
        and least(l.earned_at, opening.created_at) <= ${at}
        and (l.expires_at is null or l.expires_at > ${at})
    )
    ${sums(sql, at)}
  `;
  return balance;
}

const sums = (sql: Sql, at: Date) => sql`
  , edges as (
    select
      min(expires_at) filter (where remaining > 0) as next_expiry,
      min(activates_at) filter (where remaining > 0 and activates_at > ${at}) as next_activation
    from open
  )
  select
    coalesce(sum(open.remaining), 0)::bigint as total,
    coalesce(sum(open.remaining) filter (where open.activates_at > ${at}), 0)::bigint as pending,
    edges.next_expiry,
    coalesce(sum(open.remaining) filter (where open.expires_at = edges.next_expiry), 0)::bigint as next_expiry_points,
    edges.next_activation,
    coalesce(sum(open.remaining) filter (where open.activates_at = edges.next_activation), 0)::bigint
      as next_activation_points
  from edges
  left join open on true
  group by edges.next_expiry, edges.next_activation
`;

/** Whose lifetime points, in the scope of a ladder. */
export interface LifetimeKey {
  partnerId: string;
  memberId: string;
  scopeId: string;
}

/** From now on: what was earned, with lots that become active by then. */
export async function lifetimeFrom(sql: Sql, { partnerId, memberId, scopeId }: LifetimeKey, at: Date): Promise<number> {
  const [{ points }] = await sql<[{ points: number }]>`
    select (
      coalesce((
        select case when ${scopeId === PARTNER_WIDE} then lifetime_points
          else coalesce((clubs -> ${scopeId}::text ->> 'lifetime_points')::bigint, 0) end
        from member_standings
        where partner_id = ${partnerId} and member_id = ${memberId}
      ), 0)
      + coalesce((
        select sum(l.points)
        from lots l
        join accounts a using (partner_id, member_id, card_id)
        where l.partner_id = ${partnerId} and l.member_id = ${memberId} and not l.is_counted and l.remaining > 0
          and l.activates_at <= ${at} and (l.expires_at is null or l.activates_at < l.expires_at)
          and (${scopeId === PARTNER_WIDE} or a.club_id = ${scopeId})
      ), 0)
    )::bigint as points
  `;
  return points;
}

/** Before now: what had been earned and was active then. */
export async function lifetimeThen(sql: Sql, { partnerId, memberId, scopeId }: LifetimeKey, at: Date): Promise<number> {
  const [{ points }] = await sql<[{ points: number }]>`
    select coalesce(sum(l.points), 0)::bigint as points
    from lots l
    join accounts a using (partner_id, member_id, card_id)
    join entries opening on opening.partner_id = l.partner_id and opening.transaction_id = l.lot_id
    where l.partner_id = ${partnerId} and l.member_id = ${memberId}
      and coalesce(l.activates_at, least(l.earned_at, opening.created_at)) <= ${at}
      and (l.activates_at is null or l.expires_at is null or l.activates_at < l.expires_at)
      and (${scopeId === PARTNER_WIDE} or a.club_id = ${scopeId})
  `;
  return points;
}

import type { Texts } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { AccountKey } from '../accounts/views.ts';
import type { Card } from '../cards/rules.ts';
import { PARTNER_WIDE, type Tier } from '../tiers/rules.ts';

/** Whose wallet it is. */
export type Owner = Omit<AccountKey, 'cardId'>;

/** Cards on which a member has an entry. */
export async function listUsedCards(sql: Sql, { partnerId, memberId }: Owner): Promise<string[]> {
  const accounts = await sql<{ cardId: string }[]>`
    select card_id
    from accounts
    where partner_id = ${partnerId} and member_id = ${memberId}
  `;
  return accounts.map(({ cardId }) => cardId);
}

export interface Purse {
  cardId: string;
  clubId: string;
  name: string;
  titles: Texts;
  currency: string;
  total: number;
  pending: number;
  nextExpiry: Date | null;
  nextExpiryPoints: number | null;
}

/** What a member holds on each card: its open lots as of now. First where something happened last. */
export async function listPurses(
  sql: Sql,
  { partnerId, memberId }: Owner,
  { now, limit }: { now: Date; limit: number },
): Promise<Purse[]> {
  return sql<Purse[]>`
    select a.card_id, a.club_id, c.name, c.titles, c.currency, open.total, open.pending, open.next_expiry, open.next_expiry_points
    from accounts a
    join cards c using (partner_id, card_id)
    cross join lateral (
      select
        coalesce(sum(points), 0)::bigint as total,
        coalesce(sum(pending), 0)::bigint as pending,
        (array_agg(expires_at order by expires_at))[1] as next_expiry,
        (array_agg(points order by expires_at))[1]::bigint as next_expiry_points
      from (
        select
          l.expires_at, sum(l.remaining) as points, coalesce(sum(l.remaining) filter (where l.activates_at > ${now}), 0) as pending
        from lots l
        where l.partner_id = a.partner_id and l.member_id = a.member_id and l.card_id = a.card_id
          and l.remaining > 0 and (l.expires_at is null or l.expires_at > ${now})
        group by l.expires_at
      ) of_one_expiry
    ) open
    where a.partner_id = ${partnerId} and a.member_id = ${memberId} and not c.is_deleted
    order by a.last_entry_at desc, a.card_id
    limit ${limit}
  `;
}

export type SeenCard = Pick<Card, 'cardId' | 'clubId' | 'isVisibleByDefault' | 'isActive' | 'issueDate'> & {
  isUsed: boolean;
};

/** Cards that a member may see: for everybody, perhaps not yet, or used. */
export async function listCards(sql: Sql, { partnerId, memberId }: Owner): Promise<SeenCard[]> {
  return sql<SeenCard[]>`
    select
      c.card_id, c.club_id, c.is_visible_by_default, c.is_active, c.issue_date, a.card_id is not null as is_used
    from cards c
    left join accounts a on a.partner_id = c.partner_id and a.member_id = ${memberId} and a.card_id = c.card_id
    where c.partner_id = ${partnerId} and not c.is_deleted and (c.is_visible_by_default or a.card_id is not null)
    order by c.card_id
  `;
}

/** The same of one card; undefined when it is not known, or deleted. */
export async function findSeenCard(
  sql: Sql,
  { partnerId, memberId, cardId }: AccountKey,
): Promise<SeenCard | undefined> {
  const [card] = await sql<SeenCard[]>`
    select
      c.card_id, c.club_id, c.is_visible_by_default, c.is_active, c.issue_date,
      exists (
        select from accounts a
        where a.partner_id = c.partner_id and a.member_id = ${memberId} and a.card_id = c.card_id
      ) as is_used
    from cards c
    where c.partner_id = ${partnerId} and c.card_id = ${cardId} and not c.is_deleted
  `;
  return card;
}

/** A tier with what is shown of it. */
export interface ShownTier extends Tier {
  displayNames: Texts;
  level: number;
  icon: string | null;
  color: string | null;
}

/** The partner-wide ladder, and those of these clubs. */
export async function listTiers(sql: Sql, partnerId: string, clubIds: readonly string[]): Promise<ShownTier[]> {
  return sql<ShownTier[]>`
    select
      tier_id, scope_id, name, display_names, level, icon, color, points_threshold, multiplier_bp, redemption_discount_bp,
      is_default, is_active and not is_deleted as is_active, is_deleted
    from tiers
    where partner_id = ${partnerId} and scope_id = any(${[PARTNER_WIDE, ...clubIds]}::uuid[])
  `;
}

export interface Lifetime {
  lifetimePoints: number;
  clubs: Record<string, { lifetime_points: number; tier_id: string | null }>;
  /** Lots that became active by then and are not counted yet. */
  woken: { club_id: string; points: number }[];
}

/** What a member has earned by now. One statement: a lot is counted there or woken here, whoever counts it meanwhile. */
export async function findLifetime(sql: Sql, { partnerId, memberId }: Owner, now: Date): Promise<Lifetime | undefined> {
  const [lifetime] = await sql<Lifetime[]>`
    select s.lifetime_points, s.clubs, (
      select coalesce(json_agg(json_build_object('club_id', a.club_id, 'points', l.points)), '[]')
      from lots l
      join accounts a using (partner_id, member_id, card_id)
      where l.partner_id = s.partner_id and l.member_id = s.member_id
        and not l.is_counted and l.remaining > 0 and l.activates_at <= ${now}
        and (l.expires_at is null or l.activates_at < l.expires_at)
    ) as woken
    from member_standings s
    where s.partner_id = ${partnerId} and s.member_id = ${memberId}
  `;
  return lifetime;
}

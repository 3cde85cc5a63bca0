import type { EntryEvent } from '@punchcard/contracts';
import type { Db, Sql } from '@punchcard/database';
import type { StoredItem } from '../booking/journal-rules.ts';
import type { PurchaseAnswer } from '../booking/rules.ts';

export interface Filter {
  partnerId: string;
  memberId?: string | undefined;
  cardId?: string | undefined;
  clubId?: string | undefined;
  staffId?: string | undefined;
  /** Also a word that nothing books yet. */
  event?: string | undefined;
  status?: 'completed' | 'pending' | 'partially_reversed' | 'reversed' | undefined;
  reference?: string | undefined;
  claimCode?: string | undefined;
  /** Created at or after. */
  from?: Date | undefined;
  /** Created before. */
  to?: Date | undefined;
  now: Date;
}

export interface EntryRow {
  transactionId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  staffId: string | null;
  /** As it is now; null without staff. */
  staffName: string | null;
  rewardId: string | null;
  event: EntryEvent;
  points: number;
  balanceAfter: number;
  purchaseMinor: number | null;
  currency: string;
  reference: string | null;
  note: string | null;
  activatesAt: Date | null;
  expiresAt: Date | null;
  breakdown: PurchaseAnswer['breakdown'] | null;
  items: StoredItem[] | null;
  groupId: string | null;
  claimCode: string | null;
  occurredAt: Date;
  createdAt: Date;
}

export interface Range {
  limit: number;
  offset: number;
}

/** A page of entries, newest first. */
export async function listEntries(sql: Sql, filter: Filter, { limit, offset }: Range): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    select ${columns(sql)}
    from entries e
    where e.partner_id = ${filter.partnerId} ${conditions(sql, filter)}
    order by e.created_at desc, e.transaction_id desc
    limit ${limit} offset ${offset}
  `;
}

/** The same of some stretches of time. Those that are passed over are read from an index alone. */
export async function listWithin(
  sql: Db,
  filter: Filter,
  { within, limit, offset }: Range & { within: readonly { since: Date; until: Date }[] },
): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    with page as (
      select found.transaction_id
      from unnest(
        ${within.map(({ since }) => since)}::timestamptz[],
        ${within.map(({ until }) => until)}::timestamptz[]
      ) as w (since, until)
      cross join lateral (
        select e.created_at, e.transaction_id
        from entries e
        where e.partner_id = ${filter.partnerId} and e.created_at >= w.since and e.created_at < w.until
          ${conditions(sql, filter)}
        order by e.created_at desc, e.transaction_id desc
        limit ${limit + offset}
      ) found
      order by found.created_at desc, found.transaction_id desc
      limit ${limit} offset ${offset}
    )
    select ${columns(sql)}
    from page
    join entries e on e.partner_id = ${filter.partnerId} and e.transaction_id = page.transaction_id
    order by e.created_at desc, e.transaction_id desc
  `;
}

export async function countEntries(sql: Db, filter: Filter): Promise<number> {
  if (isOfAccounts(filter)) return countOfAccounts(sql, filter);
  const [{ count }] = await sql<[{ count: number }]>`
    select count(*) as count
    from entries e
    where e.partner_id = ${filter.partnerId} ${conditions(sql, filter)}
  `;
  return count;
}

/** Whether a member's accounts know how many entries are meant. */
const isOfAccounts = ({ partnerId: _partner, memberId, cardId: _card, now: _now, ...others }: Filter): boolean =>
  memberId !== undefined && Object.values(others).every((value) => value === undefined);

async function countOfAccounts(sql: Db, { partnerId, memberId, cardId }: Filter): Promise<number> {
  const [{ count }] = await sql<[{ count: number }]>`
    select coalesce(sum(seq), 0)::bigint as count
    from accounts
    where partner_id = ${partnerId} and member_id = ${memberId!}
      ${cardId === undefined ? sql`` : sql`and card_id = ${cardId}`}
  `;
  return count;
}

/** Of a filter, to stand behind another condition on `entries e`. */
export function conditions(sql: Db, { now, status, ...filter }: Filter) {
  const { memberId, cardId, clubId, staffId, event, reference, claimCode, from, to } = filter;
  return [
    memberId === undefined ? sql`` : sql`and e.member_id = ${memberId}`,
    cardId === undefined ? sql`` : sql`and e.card_id = ${cardId}`,
    clubId === undefined ? sql`` : sql`and e.club_id = ${clubId}`,
    staffId === undefined ? sql`` : sql`and e.staff_id = ${staffId}`,
    event === undefined ? sql`` : sql`and e.event = ${event}`,
    reference === undefined ? sql`` : sql`and e.reference = ${reference}`,
    claimCode === undefined ? sql`` : sql`and e.claim_code = ${claimCode}`,
    from === undefined ? sql`` : sql`and e.created_at >= ${from}`,
    to === undefined ? sql`` : sql`and e.created_at < ${to}`,
    status === undefined ? sql`` : statusIs(sql, status, now),
  ];
}

function statusIs(sql: Db, status: NonNullable<Filter['status']>, now: Date) {
  if (status === 'pending') return sql`and e.activates_at > ${now}`;
  if (status === 'completed') return sql`and (e.activates_at is null or e.activates_at <= ${now})`;
  // Nothing can be reversed yet.
  return sql`and false`;
}

export async function findEntry(sql: Sql, partnerId: string, transactionId: string): Promise<EntryRow | undefined> {
  const [entry] = await sql<EntryRow[]>`
    select ${columns(sql)}
    from entries e
    where e.partner_id = ${partnerId} and e.transaction_id = ${transactionId}
  `;
  return entry;
}

export interface EntryLot {
  lotId: string;
  points: number;
  expiresAt: Date | null;
}

/** The lot that an entry opened, and those that it used. */
export async function listLots(
  sql: Sql,
  partnerId: string,
  { transactionId, memberId, cardId }: EntryRow,
): Promise<EntryLot[]> {
  return sql<EntryLot[]>`
    select lot_id, points, expires_at
    from lots
    where partner_id = ${partnerId} and member_id = ${memberId} and card_id = ${cardId} and lot_id = ${transactionId}
    union all
    (
      select s.lot_id, s.points, l.expires_at
      from lot_spends s
      join lots l using (partner_id, lot_id)
      where s.partner_id = ${partnerId} and s.transaction_id = ${transactionId}
        and l.member_id = ${memberId} and l.card_id = ${cardId}
      order by l.expires_at, l.earned_at, l.lot_id
    )
  `;
}

const columns = (sql: Db) => sql`
  e.transaction_id, e.member_id, e.card_id, e.club_id, e.staff_id, e.reward_id, e.event, e.points, e.balance_after,
  e.purchase_minor, e.currency, e.reference, e.note, e.activates_at, e.expires_at, e.breakdown, e.items, e.group_id,
  e.claim_code, e.occurred_at, e.created_at, (
    select s.display_name from staff s where s.partner_id = e.partner_id and s.staff_id = e.staff_id
  ) as staff_name
`;

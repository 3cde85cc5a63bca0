import type { Db } from '@punchcard/database';
import { conditions, type Filter, type Range } from '../transactions/views.ts';
import { endOf, type Part, type Subject } from './rules.ts';

export interface Asked {
  filter: Filter;
  subject: Subject;
  parts: readonly Part[];
}

/** Further behind than this, counting the partner's entries costs less than counting those that are in no count yet. */
const FAR = 20_000;

/** Whether the history of a partner is counted. */
export async function isCounted(sql: Db, partnerId: string): Promise<boolean> {
  const found = await sql`
    select 1 from counted_partners where partner_id = ${partnerId} and after_at = 'infinity'
  `;
  return found.length > 0;
}

/** How many entries there are, exactly. Undefined where counts are not kept, or are far behind. */
export async function sumCounts(sql: Db, asked: Asked): Promise<number | undefined> {
  const [sum] = await sql<[{ position: number | null; total: number }]>`
    with ${kept(sql, asked)}, ${buckets(sql, asked)}
    select
      (select position from kept where partner_id = ${asked.subject.partnerId}) as position, coalesce(sum(count), 0)::bigint as total
    from buckets
  `;
  return sum.position === null ? undefined : sum.total;
}

/** A month, an hour, or the rest of one. */
export interface Bucket {
  span: Part['span'];
  since: Date;
  until: Date;
  /** Entries that are newer. */
  before: number;
  /** Of all buckets. */
  total: number;
}

/** Where the entries of a page are, the newest bucket first. None where counts are not kept, and behind the last page. */
export async function findBuckets(sql: Db, asked: Asked, { limit, offset }: Range): Promise<Bucket[]> {
  const rows = await sql<(Pick<Bucket, 'span' | 'before' | 'total'> & { startsAt: Date })[]>`
    with ${kept(sql, asked)}, ${buckets(sql, asked)},
    places as (
      select
        span, starts_at, sum(count) as count, sum(sum(count)) over (order by starts_at desc) as up_to,
        sum(sum(count)) over () as total
      from buckets
      where count > 0 and ${asked.subject.partnerId}::uuid in (select partner_id from kept)
      group by span, starts_at
    )
    select span, starts_at, (up_to - count)::bigint as before, total::bigint
    from places
    where up_to > ${offset} and up_to - count < ${offset + limit}
    order by starts_at desc
  `;
  return rows.map(({ startsAt, ...row }) => ({
    ...row,
    since: startsAt,
    until: endOf(row.span, startsAt, asked.parts),
  }));
}

const kept = (sql: Db, { subject: { partnerId } }: Asked) => sql`
  kept as (
    select p.partner_id, t.position
    from counted_to t
    join counted_partners p on p.partner_id = ${partnerId} and p.after_at = 'infinity'
    where (select coalesce(max(position), 0) from entries) - t.position < ${FAR}
  )
`;

/** What is counted, and the entries that are not yet: the newest of all partners, since they are found by their position. */
const buckets = (sql: Db, { filter, subject: { partnerId, scopeId, event }, parts }: Asked) => sql`
  parts as materialized (
    select span, coalesce(since, '-infinity') as since, coalesce(until, 'infinity') as until
    from unnest(
      ${parts.map(({ span }) => span)}::text[],
      ${parts.map(({ since }) => since)}::timestamptz[],
      ${parts.map(({ until }) => until)}::timestamptz[]
    ) as part (span, since, until)
  ),
  buckets as (
    select p.span, c.starts_at, c.count
    from parts p
    cross join lateral (
      select starts_at, sum(count) as count
      from entry_counts
      where partner_id = ${partnerId} and scope_id = ${scopeId} and span = p.span
        and starts_at >= p.since and starts_at < p.until ${event === null ? sql`` : sql`and event = ${event}`}
      group by starts_at
    ) c
    where p.span <> 'entry'
    union all
    select p.span, date_trunc(p.span, e.created_at, 'UTC'), 1
    from kept k
    cross join lateral (select * from entries where position > k.position order by position limit ${FAR}) e
    join parts p on p.span <> 'entry' and e.created_at >= p.since and e.created_at < p.until
    where e.partner_id = ${partnerId} ${conditions(sql, withoutPeriod(filter))}
    ${parts.some(({ span }) => span === 'entry') ? restsOfHours(sql, filter) : sql``}
  )
`;

const restsOfHours = (sql: Db, filter: Filter) => sql`
  union all
  select p.span, p.since, c.count
  from parts p
  cross join lateral (
    select count(*) as count
    from entries e
    where e.partner_id = ${filter.partnerId} and e.created_at >= p.since and e.created_at < p.until
      ${conditions(sql, withoutPeriod(filter))}
  ) c
  where p.span = 'entry'
`;

const withoutPeriod = ({ from: _from, to: _to, ...filter }: Filter): Filter => filter;

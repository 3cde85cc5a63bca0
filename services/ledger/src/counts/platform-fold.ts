import type { Db, Sql, Tx } from '@punchcard/database';

/** Entries that one transaction counts: some 100 ms when each is of another partner and hour. */
const CHUNK = 5_000;

export interface State {
  /** Up to where entries are counted. */
  position: number;
  /** Of the newest entry that is there. */
  end: number;
  /** Whether the history of some partner is still to be counted. */
  isBehind: boolean;
}

/** Across partners. */
export async function readState(sql: Sql): Promise<State> {
  const [state] = await sql<[State]>`
    select
      position, (select coalesce(max(position), 0) from entries) as "end",
      exists (select from counted_partners where after_at < 'infinity') as is_behind
    from counted_to
  `;
  return state;
}

/**
 * The transactions that may have written entries and have not ended. A position is drawn under this lock and seen when it is
 * let go: what had been drawn before `sql` asked is seen, or lost for good, once none of these is left.
 */
export async function listWriters(sql: Sql): Promise<string[]> {
  const rows = await sql<{ writer: string }[]>`
    select virtualtransaction as writer
    from pg_locks
    where locktype = 'relation' and relation = 'entries'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())
  `;
  return rows.map(({ writer }) => writer);
}

/** Up to where entries are counted, locked. Undefined while another process counts. */
export async function lockCountedTo(tx: Tx): Promise<number | undefined> {
  const [counted] = await tx<{ position: number }[]>`select position from counted_to for update skip locked`;
  return counted?.position;
}

export async function hasPartners(sql: Db): Promise<boolean> {
  const found = await sql`select 1 from counted_partners limit 1`;
  return found.length > 0;
}

/** Across partners: counts the entries behind `after` up to `end`, or the first of them. Returns how far it came. */
export async function countNext(tx: Tx, { after, end }: { after: number; end: number }): Promise<number> {
  const to = Math.min(end, after + CHUNK);
  await tx`
    ${addCounts(
      tx,
      tx`
        select e.*
        from entries e
        join counted_partners p using (partner_id)
        where e.position > ${after} and e.position <= ${to}
      `,
    )}
  `;
  return to;
}

export async function saveCountedTo(tx: Tx, position: number): Promise<void> {
  await tx`update counted_to set position = ${position}`;
}

/** From `position` on the entries of these partners are counted as they come; their history is behind. */
export async function addPartners(tx: Tx, partnerIds: readonly string[], position: number): Promise<void> {
  await tx`
    insert into counted_partners (partner_id, base_position)
    select partner_id, ${position} from unnest(${partnerIds}::uuid[]) as q (partner_id)
    on conflict (partner_id) do nothing
  `;
}

/** A place in a partner's history, as the database writes it: to the microsecond, and with its infinities. */
interface Place {
  at: string;
  id: string;
}

/** Across partners: counts the next entries of a history that is not counted yet. False when there is none. */
export async function countHistory(tx: Tx): Promise<boolean> {
  const [begun] = await tx<(Place & { partnerId: string; basePosition: number })[]>`
    select partner_id, base_position, after_at::text as at, after_id as id
    from counted_partners
    where after_at < 'infinity'
    order by partner_id
    limit 1
  `;
  if (!begun) return false;
  const { partnerId, basePosition } = begun;
  const [last = { at: 'infinity', id: begun.id }] = await tx<Place[]>`
    select created_at::text as at, transaction_id as id
    from entries
    where partner_id = ${partnerId} and (created_at, transaction_id) > (${begun.at}::text::timestamptz, ${begun.id}::uuid)
    order by created_at, transaction_id
    offset ${CHUNK - 1}
    limit 1
  `;
  // Between two instants: the planner does not see that from the pairs.
  await tx`
    ${addCounts(
      tx,
      tx`
        select *
        from entries
        where partner_id = ${partnerId} and position <= ${basePosition}
          and (created_at, transaction_id) > (${begun.at}::text::timestamptz, ${begun.id}::uuid)
          and (created_at, transaction_id) <= (${last.at}::text::timestamptz, ${last.id}::uuid)
          and created_at between ${begun.at}::text::timestamptz and ${last.at}::text::timestamptz
      `,
    )}
  `;
  await tx`
    update counted_partners
    set after_at = ${last.at}::text::timestamptz, after_id = ${last.id}
    where partner_id = ${partnerId}
  `;
  return true;
}

const addCounts = (tx: Tx, entries: ReturnType<Db>) => tx`
  insert into entry_counts (partner_id, scope_id, span, starts_at, event, count)
  select e.partner_id, s.scope_id, p.span, date_trunc(p.span, e.created_at, 'UTC'), e.event, count(*)
  from (${entries}) e
  cross join lateral (values (e.partner_id), (e.club_id), (e.card_id), (e.staff_id)) as s (scope_id)
  cross join (values ('hour'), ('month')) as p (span)
  where s.scope_id is not null
  group by 1, 2, 3, 4, 5
  on conflict (partner_id, scope_id, span, starts_at, event) do update set count = entry_counts.count + excluded.count
`;

import { topics } from '@punchcard/contracts';
import type { Db, Sql } from '@punchcard/database';
import { relay } from './retries.ts';

/** A row that is to be sent. `data` is JSON text, as it was written. */
export interface UnsentRow {
  partnerId: string;
  id: number;
  topic: string;
  key: string;
  type: string;
  eventId: string;
  subject: string | null;
  sequence: number;
  time: Date;
  traceparent: string | null;
  data: string;
}

const referenceTopics = Object.entries(topics)
  .filter(([, { kind }]) => kind === 'reference')
  .map(([name]) => name);

/** Takes the lock of the source's relay for this session; false while another has it. */
export async function tryLock(session: Db, source: string): Promise<boolean> {
  const [row] = await session<{ isMine: boolean }[]>`
    select pg_try_advisory_lock(hashtext('punchcard relay'), hashtext(${source})) as is_mine
  `;
  return row!.isMine;
}

/** The oldest unsent rows. Not those after the last one sent: a lower id may be committed later. */
export async function findUnsent(session: Db): Promise<UnsentRow[]> {
  return session<UnsentRow[]>`
    select partner_id, id, topic, key, type, event_id, subject, sequence, time, traceparent, data::text
    from outbox
    where sent_at is null
    order by id
    limit ${relay.batchRows}
  `;
}

/** Notes that rows are on their topic. */
export async function markSent(session: Db, ids: readonly number[], now: Date): Promise<void> {
  await session`
    update outbox
    set sent_at = ${now}
    where id = any(${ids as number[]}::bigint[]) and sent_at is null
  `;
}

/** Up to which sequence all reference data of these partners is on its topic. */
export async function findPublished(sql: Sql, partnerIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ partnerId: string; published: number }[]>`
    select s.partner_id, coalesce(o.first - 1, s.last) as published
    from sequences as s
    left join (
      select partner_id, min(sequence) as first
      from outbox
      where sent_at is null
        and partner_id = any(${partnerIds as string[]}::uuid[])
        and topic = any(${referenceTopics}::text[])
      group by partner_id
    ) as o using (partner_id)
    where s.partner_id = any(${partnerIds as string[]}::uuid[])
  `;
  return new Map(rows.map(({ partnerId, published }) => [partnerId, published]));
}

/** The last sequence of a partner's reference data here. */
export async function findLastSequence(sql: Sql, partnerId: string): Promise<number | undefined> {
  const [row] = await sql<{ last: number }[]>`select last from sequences where partner_id = ${partnerId}`;
  return row?.last;
}

/** Size and age of what waits. Counts to 100,000: more is the same alarm, and an outage must not make the count slow. */
export async function measureUnsent(sql: Sql): Promise<{ count: number; oldest: Date | null }> {
  const [row] = await sql<{ count: number; oldest: Date | null }[]>`
    select count(*) as count, min(time) as oldest
    from (select time from outbox where sent_at is null order by id limit 100000) as unsent
  `;
  return row!;
}

/** Deletes rows that were sent before `before`, in steps that hold no lock for long. */
export async function sweepSent(sql: Sql, before: Date): Promise<void> {
  for (let deleted = STEP; deleted === STEP;) {
    const rows = await sql`
      delete from outbox
      where (partner_id, id) in (
        select partner_id, id from outbox where time < ${before} and sent_at < ${before} limit ${STEP}
      )
    `;
    deleted = rows.count;
  }
}

const STEP = 5_000;

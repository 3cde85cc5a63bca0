import type { Sql, Statement, Tx } from '@punchcard/database';

/** How far a group's effects are in a partition, and the time of the last event among them. */
export interface AppliedOffset {
  topic: string;
  partition: number;
  nextOffset: number;
  eventTime: Date | null;
}

export interface AppliedSequence {
  partnerId: string;
  source: string;
  sequence: number;
}

/** Writes events down as processed and returns those that were not before. Waits for another instance that has one in hand. */
export async function claimNew(tx: Tx, group: string, eventIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx<{ eventId: string }[]>`
    insert into inbox (consumer_group, event_id)
    select ${group}, event_id
    from unnest(${eventIds as string[]}::uuid[]) as events (event_id)
    on conflict do nothing
    returning event_id
  `;
  return new Set(rows.map(({ eventId }) => eventId));
}

/** A sequence only grows: a replayed or duplicate event does not set a copy back. */
export function saveSequences(tx: Tx, sequences: readonly AppliedSequence[]): Statement {
  return tx`
    insert into applied_sequences (partner_id, source, sequence)
    select partner_id, source, sequence
    from unnest(
      ${sequences.map(({ partnerId }) => partnerId)}::uuid[],
      ${sequences.map(({ source }) => source)}::text[],
      ${sequences.map(({ sequence }) => sequence)}::bigint[]
    ) as applied (partner_id, source, sequence)
    order by partner_id, source
    on conflict (partner_id, source) do update
    set sequence = greatest(applied_sequences.sequence, excluded.sequence)
  `;
}

/** Only forward: an instance that lost a partition may commit after the one that has it now. */
export function saveOffsets(tx: Tx, group: string, offsets: readonly AppliedOffset[]): Statement {
  return tx`
    insert into applied_offsets (consumer_group, topic, partition, next_offset, event_time)
    select ${group}, topic, partition, next_offset, event_time
    from unnest(
      ${offsets.map(({ topic }) => topic)}::text[],
      ${offsets.map(({ partition }) => partition)}::int[],
      ${offsets.map(({ nextOffset }) => nextOffset)}::bigint[],
      ${offsets.map(({ eventTime }) => eventTime?.toISOString() ?? null)}::timestamptz[]
    ) as applied (topic, partition, next_offset, event_time)
    order by topic, partition
    on conflict (consumer_group, topic, partition) do update
    set
      next_offset = greatest(applied_offsets.next_offset, excluded.next_offset),
      event_time = coalesce(excluded.event_time, applied_offsets.event_time)
  `;
}

/** For topics that were made anew and begin at 0 again. */
export async function forgetOffsets(sql: Sql, group: string, topics: readonly string[]): Promise<void> {
  await sql`delete from applied_offsets where consumer_group = ${group} and topic = any(${topics as string[]}::text[])`;
}

export async function findOffsets(sql: Sql, group: string): Promise<AppliedOffset[]> {
  return sql<AppliedOffset[]>`
    select topic, partition, next_offset, event_time
    from applied_offsets
    where consumer_group = ${group}
  `;
}

export async function findSequences(sql: Sql, partnerIds: readonly string[]): Promise<AppliedSequence[]> {
  return sql<AppliedSequence[]>`
    select partner_id, source, sequence
    from applied_sequences
    where partner_id = any(${partnerIds as string[]}::uuid[])
  `;
}

/** Forgets events that were processed before `before`, in steps that hold no lock for long. */
export async function sweepInbox(sql: Sql, before: Date): Promise<void> {
  for (let deleted = STEP; deleted === STEP;) {
    const rows = await sql`
      delete from inbox
      where (consumer_group, event_id) in (
        select consumer_group, event_id from inbox where processed_at < ${before} limit ${STEP}
      )
    `;
    deleted = rows.count;
  }
}

const STEP = 5_000;

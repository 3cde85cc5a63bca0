import { newId, topics, type EventDraft, type EventType } from '@punchcard/contracts';
import type { Statement, Tx } from '@punchcard/database';
import { currentTraceparent } from './trace.ts';

/** An announcement of a fact. Topic and type come from the contract; id, sequence and time from the row it announces. */
export interface OutboxRow {
  event: EventType;
  /** UUIDv7, made before the write; consumers know the event by it. */
  eventId: string;
  partnerId: string;
  /** The partition key: the member for facts. */
  key: string;
  sequence: number;
  data: unknown;
  time: Date;
  subject?: string | null;
  /** Of the request that caused it (`currentTraceparent()` there); default: of the span that is active now. */
  traceparent?: string | null;
}

export interface Announcement {
  /** The service that announces; its reference topic has the same name. */
  source: string;
  partnerId: string;
  events: readonly EventDraft[];
  now?: Date;
}

// Far below the broker's limit of 1 MiB: a row that cannot be sent would block all that come after it.
const MAX_DATA_CHARACTERS = 200_000;

/**
 * Announces changes of reference data in the transaction that makes them, as its last statements: the partner's sequence is
 * locked from here to the commit, so its numbers are gapless and in commit order. Returns the last of them: the mark.
 * Throws when data does not fit its contract.
 */
export async function announce(tx: Tx, { source, partnerId, events, now = new Date() }: Announcement): Promise<number> {
  if (events.length === 0) throw new Error('There is nothing to announce.');
  for (const { event } of events) {
    if (topics[event.topic].kind === 'reference' && event.owner === source) continue;
    throw new Error(`${event.type} is no reference data of ${source}: it has a sequence of its own (outboxStatement).`);
  }
  const [sequences] = await tx<{ last: number }[]>`
    insert into sequences (partner_id, last)
    values (${partnerId}, ${events.length})
    on conflict (partner_id) do update set last = sequences.last + excluded.last
    returning last
  `;
  const last = sequences!.last;
  const traceparent = currentTraceparent();
  await outboxStatement(
    tx,
    events.map(({ event, key, data }, n) => ({
      event,
      eventId: newId(),
      partnerId,
      key,
      sequence: last - events.length + n + 1,
      data: checked(event, data),
      time: now,
      traceparent,
    })),
  );
  return last;
}

/** One insert for any number of rows, in their order. The caller holds the lock that makes each key's order its own. */
export function outboxStatement(tx: Tx, rows: readonly OutboxRow[]): Statement {
  const active = currentTraceparent();
  return tx`
    insert into outbox (partner_id, topic, key, type, event_id, subject, sequence, time, traceparent, data)
    select partner_id, topic, key, type, event_id, subject, sequence, time, traceparent, data
    from json_populate_recordset(null::outbox, ${`[${rows.map((row) => toRecord(row, active)).join()}]`}::text::json)
  `;
}

function toRecord(
  { event, eventId, partnerId, key, subject, sequence, time, traceparent, data }: OutboxRow,
  active: string | null,
): string {
  const text = JSON.stringify(data);
  if (text.length > MAX_DATA_CHARACTERS) throw new Error(`${event.type} ${eventId} is too large to send.`);
  const head = JSON.stringify({
    partner_id: partnerId,
    topic: event.topic,
    key,
    type: event.type,
    event_id: eventId,
    subject: subject ?? null,
    sequence,
    time,
    traceparent: traceparent ?? active,
  });
  return `${head.slice(0, -1)},"data":${text}}`;
}

/** The data as it was given, once its schema took it: what a schema transforms is for those who read. */
function checked(event: EventType, data: unknown): unknown {
  event.data.parse(data);
  return data;
}

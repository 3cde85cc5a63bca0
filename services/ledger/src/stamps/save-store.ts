import type { Statement, Tx } from '@punchcard/database';
import type { StampEvent } from './order-rules.ts';
import type { Progress } from './rules.ts';

/** In one order for all processes, so that two that begin the same ones wait for each other instead of dead-locking. */
const byName = (progresses: readonly Progress[]): Progress[] =>
  progresses.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
const nameOf = ({ partnerId, memberId, stampCardId }: Progress) => `${partnerId} ${memberId} ${stampCardId}`;

const openOf = ({ open }: Progress) =>
  open.map(({ eventId, stamps, expiresAt }) => ({ event: eventId, stamps, expires_at: expiresAt }));

/** Those that were not there: another process that begins one meanwhile meets its key, and the batch runs again. */
export function insertProgresses(tx: Tx, progresses: readonly Progress[]): Statement {
  const records = byName(progresses).map((progress) => ({
    partner_id: progress.partnerId,
    member_id: progress.memberId,
    stamp_card_id: progress.stampCardId,
    open_stamps: openOf(progress),
    stamps_required: progress.stampsRequired,
    completed_count: progress.completedCount,
    pending_rewards: progress.pendingRewards,
    seq: progress.seq,
    last_stamp_at: progress.lastStampAt,
    last_event_at: progress.lastEventAt,
    day: progress.day,
    day_stamps: progress.dayStamps,
    created_at: progress.createdAt,
  }));
  return tx`
    insert into stamp_progress (
      partner_id, member_id, stamp_card_id, open_stamps, stamps_required, completed_count, pending_rewards, seq,
      last_stamp_at, last_event_at, day, day_stamps, created_at
    )
    select
      partner_id, member_id, stamp_card_id, open_stamps, stamps_required, completed_count, pending_rewards, seq,
      last_stamp_at, last_event_at, day, day_stamps, created_at
    from json_populate_recordset(null::stamp_progress, ${JSON.stringify(records)}::text::json)
  `;
}

export function updateProgresses(tx: Tx, progresses: readonly Progress[]): Statement {
  return tx`
    update stamp_progress p
    set
      open_stamps = q.open_stamps, stamps_required = q.stamps_required, completed_count = q.completed_count,
      pending_rewards = q.pending_rewards, seq = q.seq, last_stamp_at = q.last_stamp_at,
      last_event_at = q.last_event_at, day = q.day, day_stamps = q.day_stamps
    from unnest(
      ${progresses.map(({ partnerId }) => partnerId)}::uuid[],
      ${progresses.map(({ memberId }) => memberId)}::uuid[],
      ${progresses.map(({ stampCardId }) => stampCardId)}::uuid[],
      ${progresses.map((progress) => JSON.stringify(openOf(progress)))}::text[]::jsonb[],
      ${progresses.map(({ stampsRequired }) => stampsRequired)}::int[],
      ${progresses.map(({ completedCount }) => completedCount)}::bigint[],
      ${progresses.map(({ pendingRewards }) => pendingRewards)}::bigint[],
      ${progresses.map(({ seq }) => seq)}::bigint[],
      ${progresses.map(({ lastStampAt }) => lastStampAt)}::timestamptz[],
      ${progresses.map(({ lastEventAt }) => lastEventAt)}::timestamptz[],
      ${progresses.map(({ day }) => day)}::text[],
      ${progresses.map(({ dayStamps }) => dayStamps)}::int[]
    ) as q (
      partner_id, member_id, stamp_card_id, open_stamps, stamps_required, completed_count, pending_rewards, seq,
      last_stamp_at, last_event_at, day, day_stamps
    )
    where p.partner_id = q.partner_id and p.member_id = q.member_id and p.stamp_card_id = q.stamp_card_id
  `;
}

export function insertStampEvents(tx: Tx, events: readonly StampEvent[]): Statement {
  return tx`
    insert into stamp_events (
      partner_id, stamp_event_id, member_id, stamp_card_id, club_id, kind, seq, stamps, stamps_used, stamps_after,
      stamps_required, completions, completed_after, rewards, pending_after, points, transaction_id, expires_at,
      asked_stamps, purchase_minor, staff_id, note, reference, answer, event_id, completed_event_id, created_at
    )
    select
      partner_id, stamp_event_id, member_id, stamp_card_id, club_id, kind, seq, stamps, stamps_used, stamps_after,
      stamps_required, completions, completed_after, rewards, pending_after, points, transaction_id, expires_at,
      asked_stamps, purchase_minor, staff_id, note, reference, answer, event_id, completed_event_id, created_at
    from json_populate_recordset(null::stamp_events, ${JSON.stringify(events.map(toRecord))}::text::json)
  `;
}

const toRecord = (event: StampEvent) => ({
  partner_id: event.progress.partnerId,
  stamp_event_id: event.stampEventId,
  member_id: event.progress.memberId,
  stamp_card_id: event.progress.stampCardId,
  club_id: event.clubId,
  kind: event.kind,
  seq: event.seq,
  stamps: event.stamps,
  stamps_used: event.used,
  stamps_after: event.stampsAfter,
  stamps_required: event.stampsRequired,
  completions: event.completions,
  completed_after: event.completedAfter,
  rewards: event.rewards,
  pending_after: event.pendingAfter,
  points: event.points,
  transaction_id: event.transactionId,
  expires_at: event.expiresAt,
  asked_stamps: event.askedStamps,
  purchase_minor: event.purchaseMinor,
  staff_id: event.staffId,
  note: event.note,
  reference: event.reference,
  answer: event.answer,
  event_id: event.eventId,
  completed_event_id: event.completedEventId,
  created_at: event.createdAt,
});

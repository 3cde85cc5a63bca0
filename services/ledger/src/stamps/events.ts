import { stampCardCompleted, stampRewardRedeemed, stampsAdded } from '@punchcard/contracts';
import type { OutboxRow } from '@punchcard/messaging';
import type { StampEvent } from './order-rules.ts';

type Announced = Omit<OutboxRow, 'time'>;

/** What an event of a progress announces: stamps and, if they filled a card, that; a reward handed out; of an expiry nothing. */
export function stampRows(event: StampEvent): Announced[] {
  const { kind, eventId, completedEventId, stamps, stampsRequired, stampsRequiredBefore, pendingAfter } = event;
  const fact = factOf(event);
  if (eventId === null) return [];
  if (kind === 'redeemed') {
    return [rowOf(event, { event: stampRewardRedeemed, eventId, data: { ...fact, pending_rewards: pendingAfter } })];
  }
  const added = {
    ...{ ...fact, stamps, current_stamps: event.stampsAfter },
    stamps_required: stampsRequired ?? stampsRequiredBefore,
    expires_at: event.expiresAt?.toISOString() ?? null,
  };
  const rows = [rowOf(event, { event: stampsAdded, eventId, data: added })];
  if (completedEventId !== null) {
    const data = {
      ...{ ...fact, stamps, stamps_required: stampsRequiredBefore, completions: event.completions },
      ...{ completed_count: event.completedAfter, pending_rewards: pendingAfter },
      ...{ points_awarded: event.points, transaction_id: event.transactionId },
    };
    rows.push(rowOf(event, { event: stampCardCompleted, eventId: completedEventId, data }));
  }
  return rows;
}

const factOf = ({ progress, stampEventId, clubId, seq, staffId, reference, timeZone, createdAt }: StampEvent) => ({
  stamp_event_id: stampEventId,
  member_id: progress.memberId,
  stamp_card_id: progress.stampCardId,
  club_id: clubId,
  seq,
  staff_id: staffId,
  reference,
  time_zone: timeZone,
  created_at: createdAt.toISOString(),
});

const rowOf = (
  { progress, seq, stampEventId, traceparent }: StampEvent,
  said: Pick<Announced, 'event' | 'eventId' | 'data'>,
): Announced => ({
  ...said,
  ...{ partnerId: progress.partnerId, key: progress.memberId, sequence: seq, subject: stampEventId, traceparent },
});

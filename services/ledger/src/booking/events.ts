import { memberTierChanged, pointsEarned, pointsExpired, pointsRedeemed, type EventData } from '@punchcard/contracts';
import type { Statement, Tx } from '@punchcard/database';
import { outboxStatement, type OutboxRow } from '@punchcard/messaging';
import { stampRows } from '../stamps/events.ts';
import type { Entry, Journal, TierMove } from './journal-rules.ts';

const events = {
  ...{ purchase: pointsEarned, bonus: pointsEarned, award: pointsEarned, stamps: pointsEarned },
  ...{ redeem: pointsRedeemed, expiry: pointsExpired },
} as const;

/** The statement that announces so many facts. */
export interface Announcing {
  count: number;
  write: () => Statement;
}

/**
 * What a batch announces, in the order in which it was booked; the key is the member, so one member's facts keep it. Dated
 * when it is announced: an expiry or an import may have happened long before, and says so in its data.
 */
export function announcing(tx: Tx, { facts }: Journal, time: Date): Announcing {
  const rows: OutboxRow[] = facts.flatMap((fact) => rowsOf(fact).map((row) => ({ ...row, time })));
  return { count: rows.length, write: () => outboxStatement(tx, rows) };
}

type Announced = Omit<OutboxRow, 'time'>;

function rowsOf(fact: Journal['facts'][number]): Announced[] {
  if (fact.fact === 'stamps') return stampRows(fact);
  return [fact.fact === 'entry' ? entryRow(fact) : tierRow(fact)];
}

function entryRow(entry: Entry): Announced {
  const { account, transactionId, event, points, balanceAfter, seq, occurredAt, createdAt } = entry;
  const data: EventData<typeof pointsEarned> = {
    transaction_id: transactionId,
    member_id: account.memberId,
    card_id: account.cardId,
    club_id: account.clubId,
    event,
    points,
    balance_after: balanceAfter,
    seq,
    purchase_minor: entry.purchaseMinor,
    currency: account.currency,
    reward_id: entry.rewardId,
    staff_id: entry.staffId,
    reference: entry.reference,
    time_zone: entry.timeZone,
    occurred_at: occurredAt.toISOString(),
    created_at: createdAt.toISOString(),
  };
  return {
    ...{ event: events[entry.kind], eventId: entry.eventId, partnerId: account.partnerId, key: account.memberId },
    ...{ sequence: seq, data, subject: transactionId, traceparent: entry.traceparent },
  };
}

function tierRow({ standing, clubId, previous, next, sequence, eventId, at, traceparent }: TierMove): Announced {
  const { partnerId, memberId } = standing;
  const data: EventData<typeof memberTierChanged> = {
    member_id: memberId,
    club_id: clubId,
    previous_tier_id: previous.tierId,
    tier_id: next.tierId,
    previous_tier: previous.name,
    new_tier: next.name,
    changed_at: at.toISOString(),
  };
  return {
    ...{ event: memberTierChanged, eventId, partnerId, key: memberId, sequence },
    ...{ data, subject: memberId, traceparent },
  };
}

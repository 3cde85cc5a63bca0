import { memberTierChanged, pointsEarned, pointsExpired, pointsRedeemed, type EventData } from '@punchcard/contracts';
import type { OutboxRow } from '@punchcard/messaging';
import type { Entry, Journal, TierMove } from './rules.ts';

const events = { purchase: pointsEarned, bonus: pointsEarned, redeem: pointsRedeemed, expiry: pointsExpired } as const;

/** What a batch announces, in the order in which it was booked. The key is the member, so one member's facts keep it. */
export const announcements = ({ facts }: Journal): OutboxRow[] =>
  facts.map((fact) => (fact.fact === 'entry' ? entryRow(fact) : tierRow(fact)));

function entryRow(entry: Entry): OutboxRow {
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
    reference: entry.reference,
    occurred_at: occurredAt.toISOString(),
    created_at: createdAt.toISOString(),
  };
  return {
    ...{ event: events[entry.kind], eventId: entry.eventId, partnerId: account.partnerId, key: account.memberId },
    ...{ sequence: seq, data, time: createdAt, subject: transactionId, traceparent: entry.traceparent },
  };
}

function tierRow({ standing, clubId, previous, next, sequence, eventId, at, traceparent }: TierMove): OutboxRow {
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
    ...{ data, time: at, subject: memberId, traceparent },
  };
}

import { AppError, pointsEarned, pointsExpired, pointsRedeemed, type EventData } from '@punchcard/contracts';
import { onMany } from '@punchcard/messaging';
import { dayIn } from '../periods/rules.ts';
import { findTimeZones } from '../replicas/store.ts';
import { ingestFacts } from './ingest-facts.ts';
import type { Fact } from './rules.ts';

export const onEntriesBooked = onMany([pointsEarned, pointsRedeemed, pointsExpired], async (tx, envelopes) => {
  const zones = await findTimeZones(tx, [...new Set(envelopes.map(({ partnerid }) => partnerid))]);
  await ingestFacts(
    tx,
    envelopes.map(({ partnerid, data }) => toFact(partnerid, data, zones.get(partnerid))),
  );
});

function toFact(partnerId: string, data: EventData<typeof pointsEarned>, known: string | undefined): Fact {
  // An event of before the field came relies on our copy, which is another topic's and may be behind.
  const timeZone = data.time_zone ?? known;
  if (timeZone === undefined) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'analytics' } });
  const occurredAt = new Date(data.occurred_at);
  return {
    partnerId,
    memberId: data.member_id,
    cardId: data.card_id,
    clubId: data.club_id,
    transactionId: data.transaction_id,
    event: data.event,
    points: data.points,
    purchaseMinor: data.purchase_minor,
    currency: data.currency,
    occurredAt,
    day: dayIn(timeZone, occurredAt),
  };
}

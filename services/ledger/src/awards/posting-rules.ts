import type { AwardEvent } from '@punchcard/contracts';
import { assertFits, credit } from '../booking/posting-rules.ts';
import type { Entry } from '../booking/journal-rules.ts';
import type { AwardAnswer, AwardOrder, Position } from '../booking/rules.ts';
import { expiresAt } from '../lots/expiry-rules.ts';
import { place } from '../tiers/standing-rules.ts';

/** Points that the programme owes a member without a purchase. */
export interface Award {
  transactionId: string;
  /** What books it: its `reference` is unique among the entries of this kind. */
  kind: Extract<Entry['kind'], 'award' | 'stamps'>;
  event: AwardEvent;
  points: number;
  reference: string | null;
  note: string | null;
  staffId: string | null;
  /**
   * When it was earned: its expiry runs from then. Default, and at the latest: when it is booked. What would have expired before
   * anybody saw it runs from when it is booked.
   */
  occurredAt: Date | null;
}

/**
 * Books an award: active at once, in a lot that expires as the card says, with the place on the ladders that it brings. It was
 * promised, so it is booked also on a card that is off or past its end; whether the card is gone was asked before.
 * Throws TRANSACTION_LIMIT_EXCEEDED when the points do not fit the account. Settle the position first.
 */
export function postCredit(position: Position, { occurredAt, ...award }: Award): Entry {
  const { card, account, standing, at } = position;
  assertFits(account, standing, award.points);
  const happenedAt = occurredAt !== null && occurredAt < at ? occurredAt : at;
  const endsAt = expiresAt(happenedAt, card, card.timeZone);
  const earnedAt = endsAt !== null && endsAt <= at ? at : happenedAt;
  const entry = credit(position, {
    ...award,
    ...{ occurredAt: happenedAt, earnedAt, activatesAt: null, expiresAt: expiresAt(earnedAt, card, card.timeZone) },
  });
  place(position);
  return entry;
}

/** Books the award of another service, and keeps the answer for a repeat of its reference. */
export function bookAward(position: Position, order: AwardOrder): AwardAnswer {
  const { transactionId, kind, event, points, reference, note, staffId, occurredAt } = order;
  const entry = postCredit(position, { transactionId, kind, event, points, reference, note, staffId, occurredAt });
  const answer: AwardAnswer = {
    transaction_id: transactionId,
    card_id: entry.account.cardId,
    member_id: entry.account.memberId,
    points,
    new_balance: entry.balanceAfter,
    expires_at: entry.expiresAt?.toISOString() ?? null,
    duplicate: false,
  };
  entry.answer = answer;
  return answer;
}

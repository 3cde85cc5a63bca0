import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { awardEvents } from '../events/ledger.ts';
import { dateTime, id, instant } from '../primitives.ts';
import { sample } from '../sample.ts';

/**
 * Points that another service owes a member of the caller's partner. Repeatable: the same `reference` with the same content
 * answers the first result with `duplicate: true`, with other content 409 REFERENCE_CONFLICT. Booked also on a card that is
 * off or past its end. For good: 404 NOT_FOUND (`field: card_id`) on a deleted card, 404 MEMBER_NOT_FOUND for a member who was
 * anonymised, 422 TRANSACTION_LIMIT_EXCEEDED beyond what an account holds. Anything retryable is 503.
 */
export const awardPoints = defineEndpoint({
  id: 'internal.points.award',
  method: 'POST',
  path: '/internal/ledger/awards',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  summary: 'Credit points that are owed without a purchase.',
  body: z.strictObject({
    card_id: id,
    member_id: id,
    event: z.enum(awardEvents),
    points: z.int().min(1).max(1_000_000_000_000),
    reference: z.string().min(1).max(255),
    note: z.string().max(1_000).nullable().optional(),
    /** Known to the caller as staff; the ledger believes it. */
    staff_id: id.nullable().optional(),
    /** When it was earned, default now. */
    occurred_at: dateTime.optional(),
  }),
  answer: z.object({
    transaction_id: z.uuid(),
    card_id: z.uuid(),
    member_id: z.uuid(),
    points: z.int(),
    new_balance: z.int(),
    expires_at: instant.nullable(),
    duplicate: z.boolean(),
  }),
  example: {
    body: {
      card_id: sample.cardId,
      member_id: sample.memberId,
      event: 'voucher_bonus_points',
      points: 100,
      reference: sample.transactionId,
      occurred_at: sample.at,
    },
    answer: {
      transaction_id: sample.transactionId,
      card_id: sample.cardId,
      member_id: sample.memberId,
      points: 100,
      new_balance: 345,
      expires_at: null,
      duplicate: false,
    },
  },
});

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

const refused = z.object({
  partner_id: z.uuid(),
  reference: z.string(),
  card_id: z.uuid(),
  member_id: z.uuid(),
  event: z.enum(awardEvents),
  points: z.int(),
  occurred_at: instant,
  /** The code with which the books refused it. */
  refused_as: z.string(),
});

/** For operators: points that an event says are owed and that the books refused for good, the oldest first, at most 500. */
export const listRefusedAwards = defineEndpoint({
  id: 'internal.points.list_refused',
  method: 'GET',
  path: '/internal/ledger/refused-awards',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  summary: 'List owed points that were refused.',
  query: z.strictObject({ partner_id: id.optional() }),
  answer: z.object({ awards: z.array(refused), total: z.int() }),
  example: {
    answer: {
      awards: [
        {
          partner_id: sample.partnerId,
          reference: sample.transactionId,
          card_id: sample.cardId,
          member_id: sample.memberId,
          event: 'voucher_bonus_points',
          points: 100,
          occurred_at: sample.at,
          refused_as: 'MEMBER_NOT_FOUND',
        },
      ],
      total: 1,
    },
  },
});

/**
 * For operators, once the cause is gone: tries one again. `refused_as` null: it is booked; else it was refused again, and stays.
 * 404 NOT_FOUND when there is none.
 */
export const retryRefusedAward = defineEndpoint({
  id: 'internal.points.retry_refused',
  method: 'POST',
  path: '/internal/ledger/refused-awards/retry',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  summary: 'Try to book owed points again that were refused.',
  body: z.strictObject({ partner_id: id, reference: z.string().min(1).max(255) }),
  answer: z.object({ refused_as: z.string().nullable() }),
  example: {
    body: { partner_id: sample.partnerId, reference: sample.transactionId },
    answer: { refused_as: null },
  },
});

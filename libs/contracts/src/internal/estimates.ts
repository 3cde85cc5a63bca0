import { z } from 'zod';
import { told } from '../agent/estimates.ts';
import { addStamps } from '../agent/stamps.ts';
import { matchedBy } from '../agent/transactions.ts';
import { defineEndpoint } from '../endpoint.ts';
import { instant } from '../primitives.ts';
import { sample } from '../sample.ts';

/**
 * What `agent.stamp_cards.add_stamps` would answer now, with nothing booked: for agents that ask with `dry_run`. The gateway
 * calls it in the caller's name, after the checks of that endpoint.
 */
export const estimateStamps = defineEndpoint({
  id: 'internal.stamp_cards.estimate',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  method: 'POST',
  path: '/internal/ledger/stamp-cards/{id}/estimate',
  success: 200,
  idempotent: false,
  missing: addStamps.missing,
  summary: 'Estimate stamps.',
  params: addStamps.params,
  body: addStamps.body,
  answer: z.object({
    stamp_card_id: z.uuid(),
    title: z.string().nullable(),
    member_id: z.uuid().nullable(),
    current_stamps: z.int().nullable(),
    stamps_required: z.int().nullable(),
    completed_count: z.int().nullable(),
    pending_rewards: z.int().nullable(),
    next_expiry: instant.nullable(),
    last_stamp_at: instant.nullable(),
    stamps_added: z.int().nullable(),
    completed: z.boolean().nullable(),
    points_awarded: z.int().nullable(),
    matched_by: matchedBy.nullable(),
    duplicate: z.boolean(),
    ...told,
  }),
  example: {
    body: addStamps.example.body,
    answer: {
      stamp_card_id: sample.stampCardId,
      title: 'Every tenth coffee is on us',
      member_id: sample.memberId,
      current_stamps: 4,
      stamps_required: 10,
      completed_count: 1,
      pending_rewards: 1,
      next_expiry: null,
      last_stamp_at: sample.at,
      stamps_added: 1,
      completed: false,
      points_awarded: 0,
      matched_by: 'email',
      duplicate: false,
      would_succeed: true,
      error: null,
      explain: [
        { rule: 'stamps', id: sample.stampCardId, matched: true, why: '1 stamp is given; 4 of 10 then.', points: 0 },
      ],
    },
  },
});

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { id } from '../primitives.ts';
import { sample } from '../sample.ts';

/**
 * Closes a stamp card under the ledger's locks before the catalog deletes it; repeatable. Open progress ends. 409 CONFLICT
 * `pending_rewards` with `blocking` {`pending_rewards`} while rewards wait to be claimed.
 */
export const closeStampCard = defineEndpoint({
  id: 'internal.stamp_cards.close',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  method: 'POST',
  path: '/internal/stamp-cards/{id}/close',
  success: 200,
  idempotent: false,
  summary: 'Close a stamp card for good if no reward waits to be claimed.',
  params: z.object({ id }),
  answer: z.object({ stamp_card_id: z.uuid(), closed: z.literal(true) }),
  example: { answer: { stamp_card_id: sample.stampCardId, closed: true } },
});

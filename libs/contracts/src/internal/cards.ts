import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { id } from '../primitives.ts';
import { sample } from '../sample.ts';

const shared = {
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  // In lower case: locks are taken by its text.
  params: z.object({ id }),
} as const;

/** Whether a card has entries: then its currency and club are fixed. And whether it was closed, which is for good. */
export const cardUsage = defineEndpoint({
  ...shared,
  id: 'internal.cards.usage',
  method: 'GET',
  path: '/internal/cards/{id}/usage',
  summary: 'Tell whether a card has transactions, and whether it is closed.',
  answer: z.object({ has_transactions: z.boolean(), is_closed: z.boolean() }),
  example: { answer: { has_transactions: false, is_closed: false } },
});

/**
 * Closes a card under the ledger's locks before the catalog deletes it; repeatable. 409 CONFLICT `open_balances` with `blocking`
 * {`members_with_balance`, `points_outstanding`, `holds`} while somebody holds points on it.
 */
export const closeCard = defineEndpoint({
  ...shared,
  id: 'internal.cards.close',
  method: 'POST',
  path: '/internal/cards/{id}/close',
  summary: 'Close a card for good if nobody holds points on it.',
  answer: z.object({ card_id: z.uuid(), closed: z.literal(true) }),
  example: { answer: { card_id: sample.cardId, closed: true } },
});

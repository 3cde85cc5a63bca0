import type { cardUsage, closeCard, Handlers } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { partnerIdOf } from '../members/identify.ts';
import { closeCard as close } from './close-card.ts';
import { hasEntries } from './store.ts';

export const cardHandlers = ({ sql }: { sql: Sql }): Handlers<typeof cardUsage | typeof closeCard> => ({
  'internal.cards.usage': async ({ params, caller }) => ({
    has_transactions: await hasEntries(sql, partnerIdOf(caller), params.id),
  }),

  'internal.cards.close': async ({ params, caller, now }) => {
    await close(sql, { partnerId: partnerIdOf(caller), cardId: params.id }, now);
    return { card_id: params.id, closed: true };
  },
});

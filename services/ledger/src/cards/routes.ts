import { partnerIdOf, type cardUsage, type closeCard, type Handlers } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { closeCard as close } from './close-card.ts';
import { hasEntries, isClosed } from './store.ts';

export const cardHandlers = ({ sql }: { sql: Sql }): Handlers<typeof cardUsage | typeof closeCard> => ({
  'internal.cards.usage': async ({ params, caller }) => {
    const card = { partnerId: partnerIdOf(caller), cardId: params.id };
    const [hasTransactions, closed] = await Promise.all([hasEntries(sql, card), isClosed(sql, card)]);
    return { has_transactions: hasTransactions, is_closed: closed };
  },

  'internal.cards.close': async ({ params, caller, now }) => {
    await close(sql, { partnerId: partnerIdOf(caller), cardId: params.id }, now);
    return { card_id: params.id, closed: true };
  },
});

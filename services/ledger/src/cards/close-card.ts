import { AppError } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { holdAlone } from '../booking/locks-store.ts';
import { saveClosed, sumOpenBalances } from './store.ts';

/**
 * Closes a card for good if nobody holds points on it. No batch is half way through an order for it meanwhile, and none
 * books on it afterwards. Closing it again is the same.
 */
export function closeCard(sql: Sql, card: { partnerId: string; cardId: string }, now: Date): Promise<void> {
  return sql.begin(async (tx) => {
    await holdAlone(tx, card.partnerId, card.cardId);
    const { members, points } = await sumOpenBalances(tx, card, now);
    if (points > 0) {
      const blocking = { members_with_balance: members, points_outstanding: points, holds: 0 };
      throw new AppError('CONFLICT', { details: { reason: 'open_balances', blocking } });
    }
    await saveClosed(tx, { ...card, closedAt: now });
  });
}

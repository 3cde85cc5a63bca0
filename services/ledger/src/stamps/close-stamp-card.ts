import { AppError } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { holdAlone } from '../booking/locks-store.ts';
import { saveClosed, sumPending } from './store.ts';

/**
 * Closes a stamp card for good if no reward waits to be claimed; what was begun on it ends. No batch is half way through an
 * order for it meanwhile, and none books on it afterwards. Closing it again is the same.
 */
export function closeStampCard(sql: Sql, card: { partnerId: string; stampCardId: string }, now: Date): Promise<void> {
  return sql.begin(async (tx) => {
    await holdAlone(tx, card.partnerId, card.stampCardId);
    const pending = await sumPending(tx, card);
    if (pending > 0) {
      throw new AppError('CONFLICT', {
        details: { reason: 'pending_rewards', blocking: { pending_rewards: pending } },
      });
    }
    await saveClosed(tx, { ...card, closedAt: now });
  });
}

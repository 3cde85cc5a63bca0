import { AppError, notFound } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import { hasCard } from './store.ts';

export type RequireCard = (partnerId: string, cardId: string) => Promise<void>;

/**
 * 404 on `card_id` of a card that the partner does not have, by our copy; one that is behind is waited for before anybody is told so.
 * @throws AppError NOT_FOUND; SERVICE_UNAVAILABLE when the topic cannot be read
 */
export const createRequireCard =
  ({ sql, copies }: { sql: Sql; copies: Copies }): RequireCard =>
  async (partnerId, cardId) => {
    if (await hasCard(sql, partnerId, cardId)) return;
    if (!(await copies.caughtUp(['catalog']))) {
      throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'members' }, retryAfter: 1 });
    }
    if (!(await hasCard(sql, partnerId, cardId))) throw notFound('card', cardId, 'card_id');
  };

import { notFound, type Answer, type getMyBalance as endpoint } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { getBalance, type Asked } from '../accounts/get-balance.ts';
import { isSeen } from './rules.ts';
import { findSeenCard } from './views.ts';

/**
 * The balance of a card that the member sees. One that is kept from it is as absent as one that is not there.
 * @throws Miss for a card that is not known here
 */
export async function getMyBalance(sql: Sql, asked: Asked): Promise<Answer<typeof endpoint>> {
  const card = await findSeenCard(sql, asked);
  if (card && !isSeen(card, asked.now)) throw notFound('card', asked.cardId);
  const { member_id: _, ...balance } = await getBalance(sql, asked);
  return balance;
}

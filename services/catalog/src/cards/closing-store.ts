import type { Db } from '@punchcard/database';
import type { CardKey } from './store.ts';

/** Whether a card's deletion has begun; undefined when the partner has no such card. */
export async function findClosing(tx: Db, { partnerId, cardId }: CardKey): Promise<{ isClosing: boolean } | undefined> {
  const [card] = await tx<{ isClosing: boolean }[]>`
    select is_closing
    from cards
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  return card;
}

export async function saveClosing(tx: Db, { partnerId, cardId }: CardKey, isClosing: boolean): Promise<void> {
  await tx`
    update cards
    set is_closing = ${isClosing}
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
}

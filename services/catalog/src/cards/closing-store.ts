import type { Db } from '@punchcard/database';
import type { CardKey } from './store.ts';

/** A deletion of a card that has begun. */
export interface Closing extends CardKey {
  /** Of this attempt, and of the hold that vouchers has for it. */
  closingId: string;
  closingSince: Date;
  /** The partner's. */
  closingLocale: string;
}

/** Whether a card's deletion has begun; undefined when the partner has no such card. */
export async function findClosing(tx: Db, { partnerId, cardId }: CardKey): Promise<{ isClosing: boolean } | undefined> {
  const [card] = await tx<{ isClosing: boolean }[]>`
    select closing_id is not null as is_closing
    from cards
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  return card;
}

/** Begins it, in place of one that has begun before. */
export async function saveClosing(tx: Db, { partnerId, cardId, ...closing }: Closing): Promise<void> {
  await tx`
    update cards
    set ${tx({ ...closing })}
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
}

/** The card stays, unless another deletion has begun since. */
export async function forgetClosing(tx: Db, { partnerId, cardId, closingId }: Closing): Promise<void> {
  await tx`
    update cards
    set closing_id = null, closing_since = null, closing_locale = null
    where partner_id = ${partnerId} and card_id = ${cardId} and closing_id = ${closingId}
  `;
}

import {
  AppError,
  closeCard as closeInLedger,
  holdCardForVouchers,
  newId,
  partnerOf,
  type Call,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient } from '@punchcard/service-kit';
import { lockProgramme } from '../programme/store.ts';
import { requireNoStampCards } from '../stamp-cards/rules.ts';
import { countStampCards } from '../stamp-cards/store.ts';
import { findClosing, saveClosing, type Closing } from './closing-store.ts';
import { letGo } from './let-go.ts';
import { requireNoVouchers } from './rules.ts';
import type { CardKey } from './store.ts';

interface Deps {
  sql: Sql;
  internal: InternalClient;
}

type Deletion = { params: { id: string } } & Pick<Call, 'caller' | 'marks' | 'now'>;

/**
 * Has the ledger close a card for its deletion, which is for good. From the first step on no stamp card and no voucher can begin
 * to pay onto it: a closed card could not be paid. Refused, it is as before; when vouchers or the ledger do not answer, it stays
 * so until the deletion is sent again, or `endClosings` has asked.
 * @returns what vouchers is to be told once the card is deleted
 */
export async function closeCard(deps: Deps, key: CardKey, call: Deletion): Promise<Closing> {
  const { params, caller, marks, now } = call;
  const closing = { ...key, closingId: newId(), closingSince: now, closingLocale: partnerOf(caller).locale };
  // What has no answer may still be done, and what cannot be undone now is left: both are ended by `endClosings`.
  const undoIfRefused = async (error: unknown): Promise<void> => {
    const isRefused = error instanceof AppError && error.code === 'CONFLICT';
    if (isRefused) await letGo(deps, { closing, caller }).catch(() => undefined);
  };
  const wasClosing = await begin(deps, closing);
  try {
    const body = { hold_id: closing.closingId };
    const { in_use: vouchers } = await deps.internal.call(holdCardForVouchers, { params, body, caller, marks });
    requireNoVouchers(vouchers);
  } catch (error) {
    // What an earlier deletion got from the ledger nobody here knows.
    if (!wasClosing) await undoIfRefused(error);
    throw error;
  }
  try {
    await deps.internal.call(closeInLedger, { params, caller, marks });
  } catch (error) {
    await undoIfRefused(error);
    throw error;
  }
  return closing;
}

/** @returns whether another deletion has begun before and not ended */
const begin = ({ sql }: Deps, closing: Closing): Promise<boolean> =>
  sql.begin(async (tx) => {
    const { partnerId, cardId } = closing;
    await lockProgramme(tx, partnerId);
    requireNoStampCards(await countStampCards(tx, { partnerId, rewardCardId: cardId }));
    const before = await findClosing(tx, closing);
    await saveClosing(tx, closing);
    return before?.isClosing ?? false;
  });

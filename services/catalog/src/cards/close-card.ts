import { AppError, closeCard as closeInLedger, type Call } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient } from '@punchcard/service-kit';
import { lockProgramme } from '../programme/store.ts';
import { requireNoStampCards } from '../stamp-cards/rules.ts';
import { countStampCards } from '../stamp-cards/store.ts';
import { saveClosing } from './closing-store.ts';
import type { CardKey } from './store.ts';

/**
 * Has the ledger close a card for its deletion, which is for good. From the first step on no stamp card can begin to pay onto it:
 * a closed card could not be paid. Refused by the ledger it is as before; when nobody can say what the ledger did, it
 * stays so until the deletion is sent again.
 */
export async function closeCard(
  { sql, internal }: { sql: Sql; internal: InternalClient },
  key: CardKey,
  { params, caller, marks }: { params: { id: string } } & Pick<Call, 'caller' | 'marks'>,
): Promise<void> {
  await sql.begin(async (tx) => {
    await lockProgramme(tx, key.partnerId);
    requireNoStampCards(await countStampCards(tx, { partnerId: key.partnerId, rewardCardId: key.cardId }));
    await saveClosing(tx, key, true);
  });
  try {
    await internal.call(closeInLedger, { params, caller, marks });
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') await saveClosing(sql, key, false);
    throw error;
  }
}

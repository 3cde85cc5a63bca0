import type { Tx } from '@punchcard/database';
import { beingDeleted } from './rules.ts';
import { isHeld, type CardKey } from './store.ts';

/** @throws AppError SERVICE_UNAVAILABLE while the catalog decides whether the card is deleted */
export async function requireNotHeld(tx: Tx, key: CardKey, now: Date): Promise<void> {
  if (await isHeld(tx, key, now)) throw beingDeleted();
}

import type { Caller } from '@punchcard/contracts';
import { lockCount } from '../programme/store.ts';
import { settlePoints, type SettleDeps } from './settle-points.ts';
import { countPayingVouchers, saveHold, type CardKey } from './store.ts';

/** The catalog says what became of each card, also after a crash; this is for when it has lost its memory. */
const HELD_MS = 24 * 3_600_000;

/** Longer than a redemption may be under way: one that began before the voucher's end may not be written yet. */
const UNDER_WAY_MS = 60_000;

export interface CardHold extends CardKey {
  holdId: string;
  caller: Caller;
  now: Date;
}

/**
 * Counts the vouchers that can still be redeemed onto a card. With none, none will be until the hold is released, and what was
 * redeemed before is known to the ledger. Whoever gets anything else releases it, too: an earlier hold that this one has
 * replaced may be of a card that is closed already.
 * @throws AppError SERVICE_UNAVAILABLE when the ledger does not say what it has
 */
export async function holdCard(deps: SettleDeps, { holdId, caller, now, ...key }: CardHold): Promise<number> {
  const { sql } = deps;
  const endedBefore = new Date(now.getTime() - UNDER_WAY_MS);
  const before = await sql.begin(async (tx) => {
    await lockCount(tx, key.partnerId);
    const vouchers = await countPayingVouchers(tx, key, endedBefore);
    if (vouchers === 0) await saveHold(tx, { ...key, holdId, heldUntil: new Date(now.getTime() + HELD_MS) });
    return vouchers;
  });
  if (before > 0) return before;
  // A redemption that did not see the hold has its voucher locked since before: either it is committed by now, and among those
  // that are settled, or its voucher is as the redemption found it, and counts.
  const underWay = await countPayingVouchers(sql, key, endedBefore);
  if (underWay === 0) await settlePoints(deps, key, caller);
  return underWay;
}

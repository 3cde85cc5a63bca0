import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { lockCount } from '../programme/store.ts';
import { countVouchersOfTier, saveHold, type TierKey } from './store.ts';

/** The catalog decides within seconds, and tells at once. */
const HELD_MS = 60_000;

/** Counts the vouchers that target a tier. With none, none will for a minute, or until the hold is released. */
export function holdTier(sql: Sql, key: TierKey, now: Date): Promise<{ vouchers: number; holdId: string | null }> {
  return sql.begin(async (tx) => {
    await lockCount(tx, key.partnerId);
    const vouchers = await countVouchersOfTier(tx, key);
    if (vouchers > 0) return { vouchers, holdId: null };
    const holdId = newId();
    await saveHold(tx, { ...key, holdId, heldUntil: new Date(now.getTime() + HELD_MS) });
    return { vouchers, holdId };
  });
}

import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { countStaffOfClub, lockStaff } from '../staff/store.ts';
import { saveHold, type ClubKey } from './store.ts';

/** The catalog decides within seconds, and tells at once. */
const HELD_MS = 60_000;

/** Counts who serves at a club. With nobody there, nobody is put there for a minute, or until the hold is released. */
export function holdClub(sql: Sql, key: ClubKey, now: Date): Promise<{ staff: number; holdId: string | null }> {
  return sql.begin(async (tx) => {
    await lockStaff(tx, key.partnerId);
    const staff = await countStaffOfClub(tx, key);
    if (staff > 0) return { staff, holdId: null };
    const holdId = newId();
    await saveHold(tx, { ...key, holdId, heldUntil: new Date(now.getTime() + HELD_MS) });
    return { staff, holdId };
  });
}

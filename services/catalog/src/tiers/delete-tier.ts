import type { Tx } from '@punchcard/database';
import { announceDeletedTier } from './events.ts';
import { requireDeletable } from './rules.ts';
import { deleteTierRow, getTier, listLadder, type TierKey } from './store.ts';

/** Takes a tier out of its ladder; the ledger places its members anew. */
export async function deleteTier(tx: Tx, { key, vouchers }: { key: TierKey; vouchers: number }) {
  const tier = await getTier(tx, key);
  requireDeletable(await listLadder(tx, tier), tier, vouchers);
  await deleteTierRow(tx, key);
  return { events: [announceDeletedTier(tier)] };
}

import type { Tx } from '@punchcard/database';
import { announceDeletedStampCard } from './events.ts';
import { deleteStampCardRow, getStampCard, type StampCardKey } from './store.ts';

/** Deletes a stamp card that the ledger has closed. */
export async function deleteStampCard(tx: Tx, key: StampCardKey) {
  const stampCard = await getStampCard(tx, key);
  await deleteStampCardRow(tx, key);
  return { events: [announceDeletedStampCard(stampCard)] };
}

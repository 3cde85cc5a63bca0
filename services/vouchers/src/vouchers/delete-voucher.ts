import type { Tx } from '@punchcard/database';
import { addToCount } from '../programme/store.ts';
import { announceVoucher } from './events.ts';
import { lockVoucher, markDeleted, type VoucherKey } from './store.ts';

/** Deletes a voucher, also one of a batch. */
export async function deleteVoucher(tx: Tx, { key, now }: { key: VoucherKey; now: Date }) {
  const voucher = await lockVoucher(tx, key);
  await markDeleted(tx, key, now);
  await addToCount(tx, key.partnerId, -1);
  return { events: [announceVoucher({ ...voucher, version: voucher.version + 1 }, 'deleted', now)] };
}

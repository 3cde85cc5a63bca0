import type { Tx } from '@punchcard/database';
import { isEmpty } from '../programme/rules.ts';
import { requireFreeCode } from './create-voucher.ts';
import { announceVoucher } from './events.ts';
import { requireTerms } from './require-terms.ts';
import { changedVoucher, type TermFields } from './rules.ts';
import { lockVoucher, saveVoucher, type VoucherKey } from './store.ts';

export interface VoucherUpdate {
  key: VoucherKey;
  change: TermFields & { code?: string };
  /** The partner's. */
  currency: string;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateVoucher(tx: Tx, { key, change, currency, now }: VoucherUpdate) {
  const before = await lockVoucher(tx, key);
  if (isEmpty(change)) return { voucher: before, events: [] };
  const voucher = { ...changedVoucher(before, change, { currency, now }), version: before.version + 1 };
  await requireTerms(tx, { ...key, terms: voucher, before, now });
  if (voucher.code !== before.code) await requireFreeCode(tx, key, voucher.code);
  await saveVoucher(tx, voucher);
  return { voucher, events: [announceVoucher(voucher, 'changed', now)] };
}

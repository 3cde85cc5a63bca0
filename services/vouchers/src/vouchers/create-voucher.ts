import { AppError, requireRoom, type PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { drawCode } from '../batches/draw-codes.ts';
import { PLAIN } from '../batches/pattern-rules.ts';
import { addToCount } from '../programme/store.ts';
import { announceVoucher } from './events.ts';
import { requireTerms } from './require-terms.ts';
import { newVoucher, type Terms } from './rules.ts';
import { findVoucherIdByCode, insertVoucher, type VoucherKey } from './store.ts';

export interface VoucherCreation {
  key: VoucherKey;
  /** Absent: drawn. */
  code: string | undefined;
  terms: Terms;
  gates: PartnerGates;
  /** How many vouchers there are. */
  count: number;
  now: Date;
}

/** Adds a voucher, if the partner may have one more and its code is free. */
export async function createVoucher(tx: Tx, { key, code, terms, gates, count, now }: VoucherCreation) {
  requireRoom(gates, 'vouchers_limit', count);
  await requireTerms(tx, { ...key, terms, now });
  const free = code === undefined ? await drawFreeCode(tx, key) : await requireFreeCode(tx, key, code);
  const voucher = newVoucher({ ...key, code: free, now }, terms);
  await insertVoucher(tx, voucher);
  await addToCount(tx, key.partnerId, 1);
  return { voucher, events: [announceVoucher(voucher, 'created', now)] };
}

/** 409 when another voucher has it. */
export async function requireFreeCode(tx: Tx, { partnerId, voucherId }: VoucherKey, code: string): Promise<string> {
  const owner = await findVoucherIdByCode(tx, partnerId, code);
  if (owner !== undefined && owner !== voucherId) {
    throw new AppError('ALREADY_EXISTS', { details: { field: 'code', existing_id: owner } });
  }
  return code;
}

async function drawFreeCode(tx: Tx, { partnerId }: VoucherKey): Promise<string> {
  for (;;) {
    const code = drawCode(PLAIN);
    if ((await findVoucherIdByCode(tx, partnerId, code)) === undefined) return code;
  }
}

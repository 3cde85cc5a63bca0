import { AppError, newId } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { newVoucher } from '../vouchers/rules.ts';
import { insertFreeVouchers, type Voucher } from '../vouchers/store.ts';
import { drawCode } from './draw-codes.ts';
import type { Batch } from './rules.ts';

/** Rows of one statement, far below its time-out. */
const AT_A_TIME = 1_000;
/** The form allows 10,000 times as many codes as the batch has: one that is never free is used up by other vouchers. */
const DRAWS = 20;

/**
 * Makes all codes of a batch, each a voucher of its own. One that is taken is drawn again.
 * @throws AppError CONFLICT `no_free_codes`
 */
export async function makeCodes(tx: Tx, batch: Batch, now: Date): Promise<void> {
  const drawn = new Set<string>();
  for (let from = 0; from < batch.count; from += AT_A_TIME) {
    const size = Math.min(AT_A_TIME, batch.count - from);
    let places = Array.from({ length: size }, (_, n) => from + n);
    for (let draws = 0; places.length > 0; draws += 1) {
      if (draws === DRAWS) throw new AppError('CONFLICT', { details: { reason: 'no_free_codes' } });
      const vouchers = places.flatMap((place) => drawVoucher(batch, { place, drawn, now }));
      const made = await insertFreeVouchers(tx, vouchers);
      const filled = new Set(vouchers.flatMap(({ code, batchPosition }) => (made.has(code) ? [batchPosition] : [])));
      places = places.filter((place) => !filled.has(place));
    }
  }
}

/** None, when the code was drawn before for this batch. */
function drawVoucher(batch: Batch, { place, drawn, now }: { place: number; drawn: Set<string>; now: Date }): Voucher[] {
  const code = drawCode(batch);
  if (drawn.has(code)) return [];
  drawn.add(code);
  const key = { partnerId: batch.partnerId, voucherId: newId(), code, now };
  return [newVoucher(key, batch.template, { batchId: batch.batchId, batchPosition: place })];
}

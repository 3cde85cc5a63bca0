import { voucherBatchCreated, voucherChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { countOnce, saveThing } from './store.ts';

/** One of a batch was counted with it: only its end is still to be counted. */
export const onVoucherChanged = on(voucherChanged, async (tx, { partnerid: partnerId, sequence, data }) => {
  const isGone = data.change === 'deleted';
  const thing = { partnerId, kind: 'vouchers' as const, thingId: data.voucher_id, isGone, sequence };
  if (data.batch_id === null) await saveThing(tx, thing);
  else if (isGone) await countOnce(tx, { ...thing, toldBy: 'vouchers', step: -1 });
});

export const onVoucherBatchCreated = on(voucherBatchCreated, (tx, { partnerid: partnerId, sequence, data }) => {
  const thing = { partnerId, kind: 'vouchers' as const, thingId: data.batch_id, isGone: false, sequence };
  return countOnce(tx, { ...thing, toldBy: 'voucher_batches', step: data.count });
});

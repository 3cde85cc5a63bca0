import { newId, voucherChanged, type EventData } from '@punchcard/contracts';
import type { OutboxRow } from '@punchcard/messaging';
import type { Voucher } from './store.ts';

/** What was done to a voucher. Its key is the partner, its sequence the voucher's own. */
export function announceVoucher(
  voucher: Voucher,
  change: EventData<typeof voucherChanged>['change'],
  now: Date,
): OutboxRow {
  const data: EventData<typeof voucherChanged> = {
    voucher_id: voucher.voucherId,
    club_id: voucher.clubId,
    batch_id: voucher.batchId,
    code: voucher.code,
    type: voucher.type,
    is_active: voucher.isActive,
    change,
    changed_at: now.toISOString(),
  };
  const { partnerId, voucherId, version } = voucher;
  return {
    ...{ event: voucherChanged, eventId: newId(), partnerId, key: partnerId, sequence: version },
    ...{ data, time: now, subject: voucherId },
  };
}

import { newId, voucherRedeemed, type EventData } from '@punchcard/contracts';
import type { OutboxRow } from '@punchcard/messaging';
import type { Redemption } from './batch-rules.ts';

/** That a member redeemed a voucher. Its key is the member; its sequence counts the uses of the voucher. */
export function announceRedemption(redemption: Redemption): OutboxRow {
  const { order, voucher, memberId, discountMinor, points, timesUsed } = redemption;
  const { partnerId, redemptionId, now, traceparent } = order;
  const data: EventData<typeof voucherRedeemed> = {
    redemption_id: redemptionId,
    voucher_id: voucher.voucherId,
    batch_id: voucher.batchId,
    club_id: voucher.clubId,
    code: voucher.code,
    type: voucher.type,
    member_id: memberId,
    order_minor: order.orderMinor,
    discount_minor: discountMinor,
    currency: voucher.currency,
    order_reference: order.orderReference,
    card_id: voucher.rewardCardId,
    points,
    staff_id: order.staffId,
    redeemed_at: now.toISOString(),
  };
  return {
    ...{ event: voucherRedeemed, eventId: newId(), partnerId, key: memberId, sequence: timesUsed },
    ...{ data, time: now, subject: redemptionId, traceparent },
  };
}

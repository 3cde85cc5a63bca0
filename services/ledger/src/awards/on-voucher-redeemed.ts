import { voucherRedeemed } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { oweAward } from './owe-award.ts';

/**
 * The points of a voucher that was redeemed. Most are booked already, by the call that vouchers makes after its commit; the
 * redemption's id is the reference of both, so that they are booked once.
 */
export const onVoucherRedeemed = on(voucherRedeemed, async (tx, { partnerid: partnerId, data }) => {
  if (data.points === 0 || data.card_id === null) return;
  await oweAward(tx, {
    ...{ partnerId, reference: data.redemption_id, cardId: data.card_id, memberId: data.member_id },
    ...{ event: 'voucher_bonus_points', points: data.points, note: null, staffId: data.staff_id },
    occurredAt: new Date(data.redeemed_at),
  });
});

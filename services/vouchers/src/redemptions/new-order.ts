import { newId, partnerOf, type Call, type redeemVoucher } from '@punchcard/contracts';
import { currentTraceparent } from '@punchcard/messaging';
import type { Identify } from '../members/identify.ts';
import type { Order } from './batch-rules.ts';

/** A redemption as it is asked for. Id and time are made here, once: a batch that runs again names the same rows. */
export function newOrder(
  { body, caller, params, idempotency, now }: Call<typeof redeemVoucher>,
  identify: Identify,
): Order {
  const { id: partnerId } = partnerOf(caller);
  const { member_identifier: memberIdentifier } = body;
  return {
    partnerId,
    voucherId: params.id,
    redemptionId: newId(),
    memberIdentifier,
    candidates: identify(partnerId, memberIdentifier),
    orderMinor: body.order_amount ?? null,
    orderReference: body.order_reference ?? null,
    staffId: body.staff_id ?? null,
    note: body.note ?? null,
    idempotency,
    standing: null,
    traceparent: currentTraceparent(),
    now,
  };
}

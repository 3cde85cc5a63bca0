import { newId, partnerIdOf, type Caller, type IdempotencyKey } from '@punchcard/contracts';
import { currentTraceparent } from '@punchcard/messaging';
import type { Identify } from '../members/identify.ts';

interface Body {
  member_identifier: string;
  staff_id?: string | null | undefined;
  note?: string | null | undefined;
  reference?: string | undefined;
}

interface Calling {
  body: Body;
  caller: Caller;
  idempotency: IdempotencyKey | null;
  now: Date;
}

/** What the orders have that name a card. */
export const newOrder = (call: Calling & { body: { card_id: string } }, identify: Identify) => ({
  ...newCommand(call, identify),
  cardId: call.body.card_id,
});

/** What all orders have. Id and time are made here, once: a batch that runs again names the same rows. */
export function newCommand({ body, caller, idempotency, now }: Calling, identify: Identify) {
  const partnerId = partnerIdOf(caller);
  return {
    partnerId,
    transactionId: newId(),
    memberIdentifier: body.member_identifier,
    candidates: identify(partnerId, body.member_identifier),
    staffId: body.staff_id ?? null,
    note: body.note ?? null,
    reference: body.reference ?? null,
    idempotency,
    isHistory: false,
    traceparent: currentTraceparent(),
    now,
  };
}

import { newId, toDecimal } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { createBooking } from '../src/booking/lanes.ts';
import type { PurchaseOrder, RedeemOrder } from '../src/booking/rules.ts';
import { byId } from '../src/members/identify.ts';
import type { AddStampsOrder } from '../src/stamps/order-rules.ts';
import { connectLanes, type Programme } from './given.ts';

/** Lanes without a service around them, for tests that say what time it is. Their copies are as they are in the database. */
export function startBooking(url: string, lanes = 2) {
  const sql: Sql = connectLanes(url, lanes);
  const booking = createBooking({ sql, lanes, copies: { caughtUp: () => Promise.resolve(true) } });
  const stop = async () => {
    await booking.close();
    await sql.end({ timeout: 5 });
  };
  return { ...booking, sql, stop };
}

/** A stamp. */
export const stampsOf = (
  given: Programme,
  stampCardId: string,
  fields: Partial<AddStampsOrder> = {},
): AddStampsOrder => {
  const { cardId: _, ...named } = order(given);
  return { ...named, kind: 'add_stamps', stampCardId, stamps: 1, amount: null, language: null, ...fields };
};

const order = ({ partnerId, cardId, memberId }: Programme) => ({
  ...{ partnerId, cardId, transactionId: newId(), memberIdentifier: memberId, candidates: byId(memberId) },
  ...{ staffId: null, note: null, reference: null, idempotency: null, isHistory: false, traceparent: null },
  now: new Date(),
});

export const purchaseOf = (given: Programme, amount: number, fields: Partial<PurchaseOrder> = {}): PurchaseOrder => ({
  ...order(given),
  ...{ kind: 'purchase', amount: { major: toDecimal(amount) }, currency: null, items: [], occurredAt: null },
  ...{ isExplained: false, ...fields },
});

export const redemptionOf = (given: Programme, fields: Partial<RedeemOrder> = {}): RedeemOrder => ({
  ...{ ...order(given), kind: 'redeem', rewardId: given.rewardId, language: null, claim: null, ...fields },
});

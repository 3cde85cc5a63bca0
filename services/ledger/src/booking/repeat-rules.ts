import { AppError } from '@punchcard/contracts';
import { named, referenceName, referenceOf, type Books, type Outcome } from './rules.ts';
import type { AwardOrder, KeptReference, Order, PurchaseOrder, RedeemOrder } from './rules.ts';

/** The answer that the header's key got before. */
export function replayOf(books: Books, { idempotency }: Pick<Order, 'idempotency'>): Outcome | undefined {
  if (!idempotency) return undefined;
  const { partnerId, scope, key, requestHash } = idempotency;
  const kept = books.keys.get(named(partnerId, scope, key));
  if (!kept) return undefined;
  if (kept.requestHash === requestHash) return { data: kept.data, replayed: true };
  throw new AppError('IDEMPOTENCY_KEY_REUSED', { details: { first_used_at: kept.createdAt.toISOString() } });
}

/**
 * Whether the reference of an order was used for the same card and reward: then it is answered whatever became of these since,
 * as natural keys never expire.
 */
export const isNamedBefore = (books: Books, order: PurchaseOrder | RedeemOrder): boolean => {
  const kept = keptOf(books, order);
  return kept?.cardId === order.cardId && kept.rewardId === rewardIdOf(order);
};

const keptOf = (books: Books, order: PurchaseOrder | RedeemOrder | AwardOrder): KeptReference | undefined => {
  const { partnerId, kind, reference } = order;
  if (reference === null) return undefined;
  return books.references.get(referenceName({ partnerId, kind, reference, referenceOf: referenceOf(order) }));
};

const rewardIdOf = (order: PurchaseOrder | RedeemOrder | AwardOrder): string | null =>
  order.kind === 'redeem' ? order.rewardId : null;

/** The first result of a natural key that was used before for the same member, card and amounts. */
export function repeatOf(
  books: Books,
  order: PurchaseOrder | RedeemOrder | AwardOrder,
  { memberId, amountMinor }: { memberId: string; amountMinor: number | null },
): unknown {
  const { reference, cardId } = order;
  const kept = keptOf(books, order);
  if (!kept) return undefined;
  const isSame =
    kept.memberId === memberId &&
    kept.cardId === cardId &&
    kept.purchaseMinor === amountMinor &&
    kept.rewardId === rewardIdOf(order) &&
    (order.kind !== 'award' || (kept.award?.event === order.event && kept.award.points === order.points));
  if (isSame) return { ...(kept.data as object), duplicate: true };
  throw new AppError('REFERENCE_CONFLICT', { details: { reference, existing_id: kept.transactionId } });
}

/** For repeats of the reference in the same batch; later ones find the entry. */
export function keepReference(
  books: Books,
  order: PurchaseOrder | RedeemOrder | AwardOrder,
  { memberId, amountMinor, data }: { memberId: string; amountMinor: number | null; data: unknown },
): void {
  const { partnerId, kind, reference, transactionId, cardId } = order;
  if (reference === null) return;
  books.references.set(referenceName({ partnerId, kind, reference, referenceOf: referenceOf(order) }), {
    ...{ transactionId, memberId, cardId, purchaseMinor: amountMinor, data },
    rewardId: rewardIdOf(order),
    award: order.kind === 'award' ? { event: order.event, points: order.points } : null,
  });
}

/** Keeps the answer for a repeat of the header's key. */
export function keep(books: Books, { idempotency, now }: Pick<Order, 'idempotency' | 'now'>, data: unknown): void {
  if (!idempotency) return;
  const { partnerId, scope, key, requestHash } = idempotency;
  books.keys.set(named(partnerId, scope, key), { requestHash, data, createdAt: now });
  books.journal.keys.push({ idempotency, data, createdAt: now });
}

import { AppError, newId, type Call, type ErrorCode, type importTransactions as endpoint } from '@punchcard/contracts';
import type { Copies } from '@punchcard/messaging';
import type { Booking } from '../booking/lanes.ts';
import type { PurchaseOrder, RedeemOrder } from '../booking/rules.ts';
import { byId } from '../members/identify.ts';

export type Row = Call<typeof endpoint>['body']['rows'][number];

export interface Imported {
  booked: number;
  duplicates: number;
  failed: { index: number; code: ErrorCode }[];
}

interface Deps {
  booking: Booking;
  copies: Pick<Copies, 'caughtUp'>;
}

/** Rows under way at once: a full batch, so that who stands at a till waits for one at most. */
const CHUNK = 128;
const COPIES_MS = 30_000;

/**
 * Books rows of the past through the lanes. The copies are waited for once, before the first row, so that no row overtakes
 * an earlier one of its member. What is down fails the whole; sent again, what was booked is a duplicate.
 */
export async function importTransactions(
  { booking, copies }: Deps,
  { partnerId, rows, now }: { partnerId: string; rows: readonly Row[]; now: Date },
): Promise<Imported> {
  if (!(await copies.caughtUp(['partners', 'catalog', 'members'], COPIES_MS))) {
    throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'ledger' }, retryAfter: 1 });
  }
  const imported: Imported = { booked: 0, duplicates: 0, failed: [] };
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    const outcomes = await Promise.allSettled(chunk.map((row) => bookRow(booking, toOrder(partnerId, row), now)));
    for (const [n, outcome] of outcomes.entries()) note(imported, start + n, outcome);
  }
  return imported;
}

async function bookRow(booking: Booking, order: PurchaseOrder | RedeemOrder, now: Date): Promise<boolean> {
  if (order.now > now) throw new AppError('VALIDATION_FAILED', { details: { errors: { at: ['must not be ahead'] } } });
  const { data } = await booking.submitAsKnown(order);
  return data.duplicate;
}

function note(imported: Imported, index: number, outcome: PromiseSettledResult<boolean>): void {
  if (outcome.status === 'fulfilled') {
    if (outcome.value) imported.duplicates += 1;
    else imported.booked += 1;
    return;
  }
  const error: unknown = outcome.reason;
  if (!(error instanceof AppError) || error.retryable) throw error;
  imported.failed.push({ index, code: error.code });
}

function toOrder(partnerId: string, row: Row): PurchaseOrder | RedeemOrder {
  const shared = {
    partnerId,
    cardId: row.card_id,
    transactionId: newId(),
    memberIdentifier: row.member_id,
    candidates: byId(row.member_id),
    ...{ staffId: null, note: null, reference: row.reference, idempotency: null },
    ...{ isHistory: true, traceparent: null, now: new Date(row.at) },
  };
  if (row.type === 'redeem') return { ...shared, kind: 'redeem', rewardId: row.reward_id, language: null, claim: null };
  return {
    ...shared,
    ...{ kind: 'purchase', amount: { minor: row.purchase_minor }, currency: null, items: [] },
    ...{ occurredAt: null, isExplained: false },
  };
}

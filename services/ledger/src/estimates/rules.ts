import { AppError, errorRow, Miss } from '@punchcard/contracts';
import { book } from '../booking/batch-rules.ts';
import { cardOf, matchOf, positionOf } from '../booking/position-rules.ts';
import type { Books, Command, PurchaseOrder, RedeemOrder, SettleOrder } from '../booking/rules.ts';
import { settle } from '../booking/settle-rules.ts';
import type { Explained } from '../purchases/answer-rules.ts';
import { checkFields } from '../purchases/field-rules.ts';
import { bookPurchase } from '../purchases/posting-rules.ts';
import { explainRedemption } from '../redemptions/explain-rules.ts';
import { redemptionFacts } from '../redemptions/posting-rules.ts';
import { assertServing, fitnessOf } from '../staff/rules.ts';

/** What the same order would come to. Exactly one of `data` and `refusal` is null. */
export interface Estimate {
  /** The answer that the order would get. Its ids of transactions will not exist. */
  data: Record<string, unknown> | null;
  refusal: AppError | null;
  explain: Explained[];
}

/** Stands for a member where none is named. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Decides an order as its lane would, by books that nobody keeps: they are spent by it. A business refusal is a result; what is
 * wrong with the request, what is missing and a bug are thrown as ever. A purchase without a member is one without tier, welcome
 * bonus and balance.
 */
export function estimateOf(books: Books, order: Exclude<Command, SettleOrder>): Estimate {
  const explained = order.kind === 'redeem' ? explainedBefore(books, order) : null;
  try {
    const isForNobody = order.kind === 'purchase' && order.candidates.length === 0;
    const answer = isForNobody ? bookForNobody(books, order) : book(books, order).data;
    const { explain, ...data } = answer as { explain?: Explained[]; duplicate: boolean };
    return { data, refusal: null, explain: data.duplicate ? [repeated] : (explained ?? explain ?? []) };
  } catch (error) {
    if (!(error instanceof AppError) || !isBusinessRefusal(error)) throw error;
    return { data: null, refusal: error, explain: explained ?? [refused(error)] };
  }
}

/** A refusal by a rule, whatever the request looks like: neither to be mended by the caller, nor ours. */
const isBusinessRefusal = ({ code }: AppError): boolean => {
  const { status, retryStrategy } = errorRow(code);
  return status !== 404 && (retryStrategy === 'no_retry' || retryStrategy === 'contact_support');
};

const repeated: Explained = {
  ...{ rule: 'reference', id: null, matched: true, points: null },
  why: 'The reference was used before: the first answer comes again, and nothing is booked.',
};

const refused = ({ code, message }: AppError): Explained => ({
  ...{ rule: code.toLowerCase(), id: null, matched: true, why: message, points: null },
});

/** Before it is booked, since the books are other ones then. Null when it is not known what would decide: booking says why. */
function explainedBefore(books: Books, order: RedeemOrder): Explained[] | null {
  try {
    const position = positionOf(books, order, { card: cardOf(books, order), memberId: matchOf(books, order).memberId });
    settle(position);
    return explainRedemption(redemptionFacts(position, order));
  } catch (error) {
    if (error instanceof AppError || error instanceof Miss) return null;
    throw error;
  }
}

function bookForNobody(books: Books, order: PurchaseOrder): Record<string, unknown> {
  const card = cardOf(books, order);
  const serving = { partnerId: order.partnerId, staffId: order.staffId, clubId: card.clubId };
  const checked = checkFields(order, card.currency, fitnessOf(books, serving));
  assertServing(books, serving);
  const position = { ...positionOf(books, order, { card, memberId: NOBODY }), ladders: new Map() };
  // Whoever it will be may have been here before: a bonus is not promised.
  position.account.hasPurchased = true;
  const match = { kind: 'id', memberId: NOBODY, isFindable: false } as const;
  const unknown = { new_balance: null, member_balance: null, member_id: null, matched_by: null };
  return { ...bookPurchase(position, order, { match, checked }), ...unknown };
}

import { bookAward } from '../awards/posting-rules.ts';
import type { Card } from '../cards/rules.ts';
import { checkFields, type Checked } from '../purchases/field-rules.ts';
import { bookPurchase } from '../purchases/posting-rules.ts';
import { bookRedemption, rewardOf } from '../redemptions/posting-rules.ts';
import { assertServing, fitnessOf } from '../staff/rules.ts';
import { isStampsOrder } from '../stamps/order-rules.ts';
import { bookStamps } from '../stamps/posting-rules.ts';
import { cardOf, matchesOf, matchOf, positionOf } from './position-rules.ts';
import { isNamedBefore, keep, keepReference, repeatOf, replayOf } from './repeat-rules.ts';
import { named, type Books, type Command, type Match, type Outcome } from './rules.ts';
import type { AwardOrder, PurchaseOrder, RedeemOrder, SettleOrder } from './rules.ts';
import { settle } from './settle-rules.ts';

type Order = PurchaseOrder | RedeemOrder;

/**
 * Decides one command on top of those before it. Throws its refusal, and has then changed nothing but what was true anyway.
 * In the order of the contract: repeat of the key, card and member (404), repeat of the reference (409), rules (422).
 */
export function book(books: Books, command: Command): Outcome {
  if (command.kind === 'settle') return bookSettlement(books, command);
  if (command.kind === 'award') return { data: bookOwed(books, command), replayed: false };
  if (isStampsOrder(command)) return bookStamps(books, command);
  const replay = replayOf(books, command);
  if (replay) return replay;

  const isRepeat = isNamedBefore(books, command);
  // What the path names is missed before what the body names.
  if (command.kind === 'redeem' && command.claim && !isRepeat) rewardOf(books, command);
  const card = cardOf(books, command, { isRepeat });
  const serving = { partnerId: command.partnerId, staffId: command.staffId, clubId: card.clubId };
  const checked = command.kind === 'purchase' ? checkFields(command, card.currency, fitnessOf(books, serving)) : null;
  const match = matchOf(books, command);
  const repeated = repeatOf(books, command, { memberId: match.memberId, amountMinor: checked?.amountMinor ?? null });
  if (!repeated) assertServing(books, serving);
  const data = repeated ?? bookOrder(books, command, { card, match, checked });
  keep(books, command, data);
  return { data, replayed: false };
}

function bookOrder(
  books: Books,
  order: Order,
  { card, match, checked }: { card: Card; match: Match; checked: Checked | null },
): unknown {
  const position = positionOf(books, order, { card, memberId: match.memberId });
  settle(position);
  const data =
    order.kind === 'purchase'
      ? bookPurchase(position, order, { match, checked: checked! })
      : bookRedemption(position, order, match);
  keepReference(books, order, { memberId: match.memberId, amountMinor: checked?.amountMinor ?? null, data });
  return data;
}

/**
 * An award is named by its reference for good, and its member by id: a repeat is answered whatever became of the card and the
 * member since.
 */
function bookOwed(books: Books, order: AwardOrder): unknown {
  const repeated = repeatOf(books, order, { memberId: order.memberId, amountMinor: null });
  if (repeated) return repeated;
  const card = cardOf(books, order);
  const { memberId } = matchOf(books, order);
  const position = positionOf(books, order, { card, memberId });
  settle(position);
  const data = bookAward(position, order);
  keepReference(books, order, { memberId, amountMinor: null, data });
  return data;
}

function bookSettlement(books: Books, order: SettleOrder): Outcome {
  const { partnerId, cardId, candidates } = order;
  const memberId = candidates.flatMap(({ identifier }) => matchesOf(books, partnerId, identifier))[0]?.memberId;
  const card = books.cards.get(named(partnerId, cardId));
  if (memberId !== undefined && card && books.accounts.has(named(partnerId, memberId, cardId))) {
    settle(positionOf(books, order, { card, memberId }));
  }
  return { data: null, replayed: false };
}

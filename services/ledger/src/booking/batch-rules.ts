import { AppError, invalid, notFound } from '@punchcard/contracts';
import { bookAward } from '../awards/posting-rules.ts';
import type { Card } from '../cards/rules.ts';
import { whoIs } from '../members/rules.ts';
import { checkFields, type Checked } from '../purchases/field-rules.ts';
import { bookPurchase } from '../purchases/posting-rules.ts';
import { bookRedemption } from '../redemptions/posting-rules.ts';
import { Miss } from './miss-rules.ts';
import { later } from './posting-rules.ts';
import { named, type Account, type Books, type Command, type Match, type Outcome, type Position } from './rules.ts';
import type { AwardOrder, PurchaseOrder, RedeemOrder, SettleOrder, Standing } from './rules.ts';
import { settle } from './settle-rules.ts';

type Order = PurchaseOrder | RedeemOrder;

/**
 * Decides one command on top of those before it. Throws its refusal, and has then changed nothing but what was true anyway.
 * In the order of the contract: repeat of the key, card and member (404), repeat of the reference (409), rules (422).
 */
export function book(books: Books, command: Command): Outcome {
  if (command.kind === 'settle') return bookSettlement(books, command);
  if (command.kind === 'award') return { data: bookOwed(books, command), replayed: false };
  const replay = replayOf(books, command);
  if (replay) return replay;

  const card = cardOf(books, command);
  const checked = checkOrder(command, card);
  const match = matchOf(books, command);
  const repeated = repeatOf(books, command, { memberId: match.memberId, amountMinor: checked?.amountMinor ?? null });
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

function matchOf(books: Books, order: Order | AwardOrder): Match {
  const match = whoIs(order.candidates, ({ identifier }) => matchesOf(books, order.partnerId, identifier));
  if (!match) throw missingMember(order);
  return match;
}

const matchesOf = (books: Books, partnerId: string, identifier: string): readonly Match[] =>
  books.matches.get(named(partnerId, identifier)) ?? [];

/** The answer that the header's key got before. */
function replayOf(books: Books, { idempotency }: Order): Outcome | undefined {
  if (!idempotency) return undefined;
  const { partnerId, scope, key, requestHash } = idempotency;
  const kept = books.keys.get(named(partnerId, scope, key));
  if (!kept) return undefined;
  if (kept.requestHash === requestHash) return { data: kept.data, replayed: true };
  throw new AppError('IDEMPOTENCY_KEY_REUSED', { details: { first_used_at: kept.createdAt.toISOString() } });
}

/** The first result of a natural key that was used before for the same member, card and amounts. */
function repeatOf(
  books: Books,
  order: Order | AwardOrder,
  { memberId, amountMinor }: { memberId: string; amountMinor: number | null },
): unknown {
  const { partnerId, kind, reference, cardId } = order;
  const kept = reference === null ? undefined : books.references.get(named(partnerId, kind, reference));
  if (!kept) return undefined;
  const isSame =
    kept.memberId === memberId &&
    kept.cardId === cardId &&
    kept.purchaseMinor === amountMinor &&
    kept.rewardId === (order.kind === 'redeem' ? order.rewardId : null) &&
    (order.kind !== 'award' || (kept.award?.event === order.event && kept.award.points === order.points));
  if (isSame) return { ...(kept.data as object), duplicate: true };
  throw new AppError('REFERENCE_CONFLICT', { details: { reference, existing_id: kept.transactionId } });
}

/** For repeats of the reference in the same batch; later ones find the entry. */
function keepReference(
  books: Books,
  order: Order | AwardOrder,
  { memberId, amountMinor, data }: { memberId: string; amountMinor: number | null; data: unknown },
): void {
  const { partnerId, kind, reference, transactionId, cardId } = order;
  if (reference === null) return;
  books.references.set(named(partnerId, kind, reference), {
    ...{ transactionId, memberId, cardId, purchaseMinor: amountMinor, data },
    rewardId: order.kind === 'redeem' ? order.rewardId : null,
    award: order.kind === 'award' ? { event: order.event, points: order.points } : null,
  });
}

function keep(books: Books, { idempotency, now }: Order, data: unknown): void {
  if (!idempotency) return;
  const { partnerId, scope, key, requestHash } = idempotency;
  books.keys.set(named(partnerId, scope, key), { requestHash, data, createdAt: now });
  books.journal.keys.push({ idempotency, data, createdAt: now });
}

function cardOf(books: Books, { partnerId, cardId }: Order | AwardOrder): Card {
  const card = books.cards.get(named(partnerId, cardId));
  // Made only when it is thrown: an error costs more than a purchase.
  const refusal = () => notFound('card', cardId, 'card_id');
  if (!card) throw new Miss(refusal(), ['catalog', 'partners']);
  if (card.isGone) throw refusal();
  return card;
}

function checkOrder(order: Order, { currency }: Card): Checked | null {
  if (order.kind === 'purchase') return checkFields(order, currency);
  if (order.staffId !== null) throw invalid('staff_id', "must be staff of the card's club");
  return null;
}

const missingMember = ({ memberIdentifier }: Order | AwardOrder): Miss =>
  new Miss(new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberIdentifier } }), ['members']);

/** The rows that a command is about; those that do not exist yet are begun, and saved only if something is booked on them. */
function positionOf(books: Books, command: Command, { card, memberId }: { card: Card; memberId: string }): Position {
  const { partnerId, now } = command;
  const account = openAccount(books, card, memberId);
  const isHistory = command.kind !== 'settle' && command.isHistory;
  if (isHistory && account.lastEntryAt !== null && account.lastEntryAt > now) {
    throw invalid('at', 'must not be before earlier entries of the account');
  }
  return {
    books,
    card,
    account,
    ladders: books.ladders.get(partnerId) ?? new Map(),
    standing: openStanding(books, partnerId, memberId),
    at: later(now, account.lastEntryAt),
    traceparent: command.kind === 'settle' ? null : command.traceparent,
  };
}

function openAccount(books: Books, { partnerId, cardId, clubId, currency }: Card, memberId: string): Account {
  const name = named(partnerId, memberId, cardId);
  let account = books.accounts.get(name);
  if (!account) {
    account = {
      ...{ partnerId, memberId, cardId, clubId, currency, balance: 0, seq: 0, hasPurchased: false },
      ...{ lastEntryAt: null, isNew: true, lots: [], pendingBeyond: 0 },
    };
    books.accounts.set(name, account);
  }
  return account;
}

function openStanding(books: Books, partnerId: string, memberId: string): Standing {
  const name = named(partnerId, memberId);
  let standing = books.standings.get(name);
  if (!standing) {
    standing = {
      ...{ partnerId, memberId, lifetimePoints: 0, tierId: null, clubs: {}, uses: {}, tierMoves: 0 },
      ...{ isNew: true, asleep: [] },
    };
    books.standings.set(name, standing);
  }
  return standing;
}

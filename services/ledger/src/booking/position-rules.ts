import { AppError, invalid, notFound, Miss } from '@punchcard/contracts';
import type { Card } from '../cards/rules.ts';
import { whoIs } from '../members/rules.ts';
import { later } from './posting-rules.ts';
import { named, type Account, type Books, type Match, type Order, type Position, type Standing } from './rules.ts';

/** The member whom an order means. A Miss when there is nobody, MEMBER_AMBIGUOUS when there are several. */
export function matchOf(books: Books, order: Pick<Order, 'partnerId' | 'candidates' | 'memberIdentifier'>): Match {
  const match = whoIs(order.candidates, ({ identifier }) => matchesOf(books, order.partnerId, identifier));
  if (!match) throw missingMember(order);
  return match;
}

/** All whom an identifier fits, also those who are not found by it any more. */
export const matchesOf = (books: Books, partnerId: string, identifier: string): readonly Match[] =>
  books.matches.get(named(partnerId, identifier)) ?? [];

/** The card of an order; one that is gone only for a repeat of what was booked on it. */
export function cardOf(
  books: Books,
  { partnerId, cardId }: Pick<Order, 'partnerId' | 'cardId'>,
  { isRepeat = false } = {},
): Card {
  const card = books.cards.get(named(partnerId, cardId));
  // Made only when it is thrown: an error costs more than a purchase.
  const refusal = () => notFound('card', cardId, 'card_id');
  if (!card) throw new Miss(refusal(), ['catalog', 'partners']);
  if (card.isGone && !isRepeat) throw refusal();
  return card;
}

const missingMember = ({ memberIdentifier }: Pick<Order, 'memberIdentifier'>): Miss =>
  new Miss(new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberIdentifier } }), ['members']);

/** The rows that a command is about; those that do not exist yet are begun, and saved only if something is booked on them. */
export function positionOf(
  books: Books,
  command: Pick<Order, 'partnerId' | 'now'> & Partial<Pick<Order, 'isHistory' | 'traceparent'>>,
  { card, memberId }: { card: Card; memberId: string },
): Position {
  const { partnerId, now } = command;
  const account = openAccount(books, card, memberId);
  if (command.isHistory && account.lastEntryAt !== null && account.lastEntryAt > now) {
    throw invalid('at', 'must not be before earlier entries of the account');
  }
  return {
    books,
    card,
    account,
    ladders: books.ladders.get(partnerId) ?? new Map(),
    standing: openStanding(books, partnerId, memberId),
    at: later(now, account.lastEntryAt),
    traceparent: command.traceparent ?? null,
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

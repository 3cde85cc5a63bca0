import { AppError } from '@punchcard/contracts';
import { insertLot, isPending, sumOf, type Lot, type Spend } from '../lots/rules.ts';
import { count } from '../tiers/standing-rules.ts';
import type { Entry } from './journal-rules.ts';
import { OF_PARTNER, type Account, type Position, type Standing } from './rules.ts';

/** What an entry says beside its points. */
type Details = Pick<Entry, 'transactionId' | 'kind' | 'event'> &
  Partial<
    Pick<
      Entry,
      | 'purchaseMinor'
      | 'rewardId'
      | 'referenceOf'
      | 'claimCode'
      | 'staffId'
      | 'reference'
      | 'note'
      | 'breakdown'
      | 'items'
      | 'groupId'
    >
  > & {
    occurredAt: Date;
    /** Default: now. */
    createdAt?: Date;
  };

export interface Credit extends Details {
  points: number;
  earnedAt: Date;
  activatesAt: Date | null;
  expiresAt: Date | null;
}

export interface Debit extends Details {
  spends: readonly Spend[];
}

/** An account and a lifetime hold at most so many points: sums stay exact numbers. */
const MAX_HELD = 9_000_000_000_000_000;

/** Throws when the points would not fit the account. */
export function assertFits(account: Account, { lifetimePoints }: Standing, points: number): void {
  const current = Math.max(account.balance, lifetimePoints);
  if (current + points <= MAX_HELD) return;
  throw new AppError('TRANSACTION_LIMIT_EXCEEDED', {
    details: { limit_name: 'points_held', limit: MAX_HELD, current, resets_at: null },
  });
}

/** Books earned points; more than none open a lot, which bears the id of the transaction. */
export function credit(position: Position, { points, earnedAt, activatesAt, expiresAt, ...details }: Credit): Entry {
  const { books, standing, account } = position;
  const entry = post(position, { ...details, points, activatesAt, expiresAt });
  if (points === 0) return entry;
  const { cardId, clubId } = account;
  const lot: Lot = {
    ...{ lotId: entry.transactionId, cardId, clubId, points, remaining: points },
    ...{ earnedAt, activatesAt, expiresAt, isCounted: false },
  };
  insertLot(account.lots, lot);
  books.journal.opened.set(lot, account);
  if (activatesAt === null) count(position, lot);
  else standing.asleep.push(lot);
  return entry;
}

/** Books points that go, from the lots that they are taken of. */
export function debit(position: Position, { spends, ...details }: Debit): Entry {
  const { books, account } = position;
  const entry = post(position, { ...details, points: -sumOf(spends), activatesAt: null, expiresAt: null });
  for (const { lot, points } of spends) {
    lot.remaining -= points;
    books.journal.changed.set(lot, account);
    books.journal.spends.push({
      partnerId: account.partnerId,
      transactionId: entry.transactionId,
      lotId: lot.lotId,
      points,
    });
  }
  return entry;
}

function post(
  { books, card, account, standing, at, traceparent }: Position,
  details: Details & Pick<Entry, 'points' | 'activatesAt' | 'expiresAt'>,
): Entry {
  account.balance += details.points;
  account.seq += 1;
  const createdAt = later(details.createdAt ?? at, account.lastEntryAt);
  account.lastEntryAt = createdAt;
  const entry: Entry = {
    ...{ fact: 'entry', account, seq: account.seq, balanceAfter: account.balance, eventId: books.newId() },
    ...{
      purchaseMinor: null,
      rewardId: null,
      staffId: null,
      reference: null,
      referenceOf: OF_PARTNER,
      claimCode: null,
      note: null,
      breakdown: null,
      items: null,
      groupId: null,
    },
    ...{ answer: null, traceparent, timeZone: card.timeZone },
    ...details,
    createdAt,
  };
  books.journal.facts.push(entry);
  books.journal.accounts.add(account);
  books.journal.standings.add(standing);
  return entry;
}

/** Entries of an account are dated in their order, whatever the clocks of two processes say. */
export const later = (at: Date, last: Date | null): Date => (last !== null && last > at ? last : at);

/** Points that can be spent at an instant, once what is due was booked. */
export const activePoints = ({ balance, pendingBeyond, lots }: Account, at: Date): number =>
  lots.reduce((active, lot) => (isPending(lot, at) ? active - lot.remaining : active), balance - pendingBeyond);

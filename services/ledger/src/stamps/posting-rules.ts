import { AppError, invalid, minorOf, notFound, pickText, type Reader, Miss } from '@punchcard/contracts';
import { postCredit } from '../awards/posting-rules.ts';
import { cardOf, matchOf, positionOf } from '../booking/position-rules.ts';
import { later } from '../booking/posting-rules.ts';
import { keep, replayOf } from '../booking/repeat-rules.ts';
import { named, type Books, type Match, type Outcome } from '../booking/rules.ts';
import { settle } from '../booking/settle-rules.ts';
import { tooManyDecimals } from '../purchases/field-rules.ts';
import { assertServing } from '../staff/rules.ts';
import { eventKinds, type AddStampsAnswer, type AddStampsOrder, type RedeemStampsAnswer } from './order-rules.ts';
import type { KeptStamps, RedeemStampsOrder, StampEvent, StampsOrder } from './order-rules.ts';
import { assertPending, countOf, decideStamps, expiriesDue, nextExpiry } from './rules.ts';
import type { Addition, Progress, StampCard } from './rules.ts';

/** An order on its stamp card, with the rows that it is about. */
interface Stamping {
  books: Books;
  stampCard: StampCard;
  progress: Progress;
  match: Match;
  amountMinor: number | null;
  /** When it is booked. */
  at: Date;
}

/**
 * Decides an order for a stamp card on top of those before it, as `book` does all others: repeat of the key, stamp card and member,
 * repeat of the reference, rules. Throws its refusal, and has then changed nothing but what was true anyway.
 */
export function bookStamps(books: Books, order: StampsOrder): Outcome {
  const replay = replayOf(books, order);
  if (replay) return replay;
  const stampCard = stampCardOf(books, order, { isRepeat: keptOf(books, order)?.stampCardId === order.stampCardId });
  const amountMinor = order.kind === 'add_stamps' ? amountOf(order, stampCard) : null;
  const match = matchOf(books, order);
  const data =
    repeatOf(books, order, { match, amountMinor }) ?? bookNew(books, order, { stampCard, match, amountMinor });
  keep(books, order, data);
  return { data, replayed: false };
}

function bookNew(
  books: Books,
  order: StampsOrder,
  { stampCard, match, amountMinor }: Pick<Stamping, 'stampCard' | 'match' | 'amountMinor'>,
): unknown {
  const { partnerId, staffId, kind, reference, stampCardId } = order;
  assertServing(books, { partnerId, staffId, clubId: stampCard.clubId });
  const progress = openProgress(books, stampCard, match.memberId);
  const stamping = { books, stampCard, progress, match, amountMinor, at: later(order.now, progress.lastEventAt) };
  bookExpiries(stamping);
  const data = kind === 'add_stamps' ? bookAddition(stamping, order) : bookHandOut(stamping, order);
  if (reference !== null) {
    books.stamps.references.set(named(partnerId, eventKinds[kind], reference), {
      ...{ stampEventId: order.transactionId, memberId: match.memberId, stampCardId, purchaseMinor: amountMinor, data },
      askedStamps: kind === 'add_stamps' ? order.stamps : null,
    });
  }
  return data;
}

/** Stamps that expired, each at the instant it was due. Comes before every decision, so that no sweep is needed. */
function bookExpiries(stamping: Stamping): void {
  const { books, stampCard, progress, at } = stamping;
  for (const { at: dueAt, stamps, open } of expiriesDue(progress.open, at)) {
    const stampsRequiredBefore = progress.stampsRequired ?? stampCard.stampsRequired;
    progress.open = open;
    if (open.length === 0) progress.stampsRequired = null;
    post(stamping, {
      ...{ kind: 'expired', stampEventId: books.newId(), stamps: -stamps, stampsRequiredBefore, createdAt: dueAt },
    });
  }
}

function bookAddition(stamping: Stamping, order: AddStampsOrder): AddStampsAnswer {
  const { books, stampCard, progress, match, amountMinor, at } = stamping;
  const stampEventId = order.transactionId;
  const addition = decideStamps(stampCard, progress, { stampEventId, stamps: order.stamps, amountMinor, at });
  const { stamps, completions, points, rewards, used, expiresAt, stampsRequiredBefore } = addition;
  const transactionId = points > 0 ? pay(stamping, order, addition) : null;

  progress.open = addition.open;
  progress.stampsRequired = addition.stampsRequired;
  progress.completedCount += completions;
  progress.pendingRewards += rewards;
  [progress.day, progress.dayStamps] = [addition.day, addition.dayStamps];
  progress.lastStampAt = at;
  const event = post(stamping, {
    ...{ kind: 'added', stampEventId, stamps, used, completions, rewards, points, transactionId, expiresAt },
    ...{ askedStamps: order.stamps, purchaseMinor: amountMinor, stampsRequiredBefore, order },
    ...{ eventId: books.newId(), completedEventId: completions > 0 ? books.newId() : null },
  });
  const answer: AddStampsAnswer = {
    stamp_card_id: stampCard.stampCardId,
    title: pickText(stampCard.titles, readerOf(order, stampCard)),
    member_id: match.memberId,
    current_stamps: event.stampsAfter,
    stamps_required: progress.stampsRequired ?? stampCard.stampsRequired,
    completed_count: progress.completedCount,
    pending_rewards: progress.pendingRewards,
    next_expiry: nextExpiry(progress.open)?.toISOString() ?? null,
    last_stamp_at: at.toISOString(),
    stamps_added: stamps,
    completed: completions > 0,
    points_awarded: points,
    transaction_id: transactionId,
    stamp_event_id: stampEventId,
    matched_by: match.kind,
    duplicate: false,
  };
  if (order.reference !== null) event.answer = answer;
  return answer;
}

/** Credits what the completed cards pay, as one entry. It throws before anything of the stamps has changed. */
function pay({ books, stampCard, match }: Stamping, order: AddStampsOrder, { points }: Addition): string {
  const { note, staffId } = order;
  const onto = { ...order, cardId: stampCard.rewardCardId! };
  const card = payingCard(books, onto);
  const position = positionOf(books, onto, { card, memberId: match.memberId });
  settle(position);
  const transactionId = books.newId();
  postCredit(position, {
    ...{ transactionId, kind: 'stamps', event: 'stamp_card_reward_points', points },
    // The reference names the stamps; a look-up of it finds them, and through them this entry.
    ...{ reference: null, note, staffId, occurredAt: null },
  });
  return transactionId;
}

/** The card onto which points go. Catalog lets none go that is paid onto; one that is gone all the same takes no points. */
function payingCard(books: Books, onto: { partnerId: string; cardId: string }) {
  const card = books.cards.get(named(onto.partnerId, onto.cardId));
  if (card?.isGone) throw new AppError('CARD_INACTIVE', { details: { card_id: onto.cardId } });
  return cardOf(books, onto);
}

function bookHandOut(stamping: Stamping, order: RedeemStampsOrder): RedeemStampsAnswer {
  const { books, stampCard, progress, match, at } = stamping;
  assertPending(stampCard, progress);
  progress.pendingRewards -= 1;
  const stampsRequiredBefore = progress.stampsRequired ?? stampCard.stampsRequired;
  const stampEventId = order.transactionId;
  const event = post(stamping, {
    ...{ kind: 'redeemed', stampEventId, rewards: -1, eventId: books.newId(), stampsRequiredBefore, order },
  });
  const answer: RedeemStampsAnswer = {
    redemption_id: stampEventId,
    stamp_card_id: stampCard.stampCardId,
    member_id: match.memberId,
    reward_title: pickText(stampCard.rewardTitles ?? stampCard.titles, readerOf(order, stampCard)),
    points_awarded: 0,
    pending_rewards: progress.pendingRewards,
    redeemed_at: at.toISOString(),
    matched_by: match.kind,
    duplicate: false,
  };
  if (order.reference !== null) event.answer = answer;
  return answer;
}

type Said = Pick<StampEvent, 'kind' | 'stampEventId' | 'stampsRequiredBefore'> & Partial<StampEvent>;

function post(
  { books, stampCard, progress, at }: Stamping,
  { order, ...said }: Said & { order?: StampsOrder },
): StampEvent {
  const createdAt = later(said.createdAt ?? at, progress.lastEventAt);
  progress.seq += 1;
  progress.lastEventAt = createdAt;
  progress.createdAt ??= createdAt;
  const event: StampEvent = {
    ...{ stamps: 0, used: 0, completions: 0, rewards: 0, points: 0, transactionId: null, expiresAt: null },
    ...{ askedStamps: null, purchaseMinor: null, answer: null, eventId: null, completedEventId: null },
    ...{ staffId: order?.staffId ?? null, note: order?.note ?? null, reference: order?.reference ?? null },
    ...said,
    ...{ fact: 'stamps', progress, clubId: stampCard.clubId, seq: progress.seq, createdAt },
    ...{ stampsAfter: countOf(progress.open), stampsRequired: progress.stampsRequired },
    ...{ completedAfter: progress.completedCount, pendingAfter: progress.pendingRewards },
    ...{ timeZone: stampCard.timeZone, traceparent: order?.traceparent ?? null },
  };
  books.journal.facts.push(event);
  books.journal.progresses.add(progress);
  return event;
}

/** The stamp card of an order; one that is gone only for a repeat of what was done on it, as natural keys never expire. */
function stampCardOf(
  books: Books,
  { partnerId, stampCardId }: StampsOrder,
  { isRepeat }: { isRepeat: boolean },
): StampCard {
  const stampCard = books.stamps.cards.get(named(partnerId, stampCardId));
  const refusal = () => notFound('stamp_card', stampCardId);
  if (!stampCard) throw new Miss(refusal(), ['catalog', 'partners']);
  if (stampCard.isGone && !isRepeat) throw refusal();
  return stampCard;
}

function keptOf(books: Books, { partnerId, kind, reference }: StampsOrder): KeptStamps | undefined {
  if (reference === null) return undefined;
  return books.stamps.references.get(named(partnerId, eventKinds[kind], reference));
}

function amountOf({ amount }: AddStampsOrder, { currency }: StampCard): number | null {
  if (amount === null) return null;
  const minor = minorOf(amount, currency);
  if (minor === null) throw invalid('purchase_amount', tooManyDecimals(currency));
  return minor;
}

/** The first result of a natural key that was used before for the same member, stamp card, stamps and amount. */
function repeatOf(
  books: Books,
  order: StampsOrder,
  { match, amountMinor }: Pick<Stamping, 'match' | 'amountMinor'>,
): unknown {
  const { kind, reference, stampCardId } = order;
  const kept = keptOf(books, order);
  if (!kept) return undefined;
  const isSame =
    kept.memberId === match.memberId &&
    kept.stampCardId === stampCardId &&
    kept.purchaseMinor === amountMinor &&
    kept.askedStamps === (kind === 'add_stamps' ? order.stamps : null);
  if (isSame) return { ...(kept.data as object), duplicate: true };
  throw new AppError('REFERENCE_CONFLICT', { details: { reference, existing_id: kept.stampEventId } });
}

function openProgress(books: Books, { partnerId, stampCardId }: StampCard, memberId: string): Progress {
  const name = named(partnerId, memberId, stampCardId);
  let progress = books.stamps.progresses.get(name);
  if (!progress) {
    progress = {
      ...{ partnerId, memberId, stampCardId, open: [], stampsRequired: null, completedCount: 0, pendingRewards: 0 },
      ...{ seq: 0, lastStampAt: null, lastEventAt: null, day: null, dayStamps: 0, createdAt: null, isNew: true },
    };
    books.stamps.progresses.set(name, progress);
  }
  return progress;
}

const readerOf = ({ language }: StampsOrder, { locale }: StampCard): Reader => ({ language, locale });

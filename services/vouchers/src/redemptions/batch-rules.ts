import {
  AppError,
  invalid,
  notFound,
  type Answer,
  type IdempotencyKey,
  type redeemVoucher,
  Miss,
} from '@punchcard/contracts';
import { beingDeleted } from '../cards/rules.ts';
import { whoIs, type Candidate, type Match } from '../members/rules.ts';
import { remainingUses } from '../vouchers/rules.ts';
import type { Voucher } from '../vouchers/store.ts';
import { discountOf, pointsOf } from './discount-rules.ts';
import { refusalOf, type Standing } from './rules.ts';

/** Points are on the card (`booked`), or will be by the event (`queued`). Undecided: nobody was told yet. */
export type PointsStatus = 'undecided' | 'booked' | 'queued';

/** What a redemption answers; whether its points are booked is decided after it. */
export type RedeemData = Omit<Answer<typeof redeemVoucher>, 'points_status'> & { points_status: PointsStatus | null };

/** A redemption as it is asked for. Id and `now` are made by the route, once: a batch that runs again names the same rows. */
export interface Order {
  partnerId: string;
  voucherId: string;
  redemptionId: string;
  /** As it was sent, for the refusal. */
  memberIdentifier: string;
  candidates: readonly Candidate[];
  orderMinor: number | null;
  orderReference: string | null;
  staffId: string | null;
  note: string | null;
  idempotency: IdempotencyKey | null;
  standing: Standing | null;
  traceparent: string | null;
  now: Date;
}

/** What was booked, as its row has it. */
export interface Redemption {
  order: Order;
  voucher: Voucher;
  memberId: string;
  discountMinor: number;
  points: number;
  /** Of the voucher, with this one. */
  timesUsed: number;
  data: RedeemData;
}

/** One that is deleted answers repeats of its orders still. */
export type LockedVoucher = Voucher & { isDeleted: boolean };

/** What an `order_reference` was used for. */
export interface KeptReference {
  redemptionId: string;
  memberId: string;
  orderMinor: number | null;
  data: RedeemData;
}

export interface Books {
  /** Locked, by `named(partnerId, voucherId)`. */
  vouchers: Map<string, LockedVoucher>;
  /** By partner, voucher and identifier. */
  matches: ReadonlyMap<string, readonly Match[]>;
  /** By partner, voucher and member. */
  memberUses: Map<string, number>;
  /** Active staff: the club at which they serve; null for those who are not active. */
  staff: ReadonlyMap<string, string | null>;
  /** Cards that are not deleted. */
  cards: ReadonlyMap<string, { isHeld: boolean }>;
  /** By partner, scope and key. */
  keys: Map<string, { requestHash: string; data: unknown; createdAt: Date }>;
  /** By partner, voucher and reference. */
  references: Map<string, KeptReference>;
  /** What is to be saved. */
  redemptions: Redemption[];
  newKeys: { idempotency: IdempotencyKey; data: unknown; createdAt: Date }[];
}

export interface Outcome {
  data: RedeemData;
  replayed: boolean;
}

export const named = (...parts: readonly string[]): string => parts.join(' ');

/**
 * Decides one redemption on top of those before it. Throws its refusal, and has then changed nothing. In the order of the
 * contract: repeat of the key, voucher (404), repeat of the reference (409), staff, member (404), rules (422).
 */
export function redeem(books: Books, order: Order): Outcome {
  const replay = replayOf(books, order);
  if (replay) return replay;
  const voucher = books.vouchers.get(named(order.partnerId, order.voucherId));
  if (!voucher || (voucher.isDeleted && !keptOf(books, order))) throw notFound('voucher', order.voucherId);
  const match = whoIs(
    order.candidates,
    ({ identifier }) => books.matches.get(named(order.partnerId, order.voucherId, identifier)) ?? [],
  );
  const repeated = match && repeatOf(books, order, match);
  // Who served may have left since: that is no reason to refuse what was done.
  if (!repeated) requireStaff(books, order, voucher.clubId);
  if (!match) {
    const details = { member_identifier: order.memberIdentifier };
    throw new Miss(new AppError('MEMBER_NOT_FOUND', { details }), ['members']);
  }
  const data = repeated ?? book(books, order, { voucher, match });
  keep(books, order, data);
  return { data, replayed: false };
}

function book(books: Books, order: Order, { voucher, match }: { voucher: Voucher; match: Match }): RedeemData {
  const { partnerId, voucherId, redemptionId, orderMinor, orderReference } = order;
  const { memberId, registeredAt } = match;
  const usesName = named(partnerId, voucherId, memberId);
  const memberUses = books.memberUses.get(usesName) ?? 0;
  const redeeming = { memberId, registeredAt, standing: order.standing, orderMinor, memberUses, now: order.now };
  const refusal = refusalOf(voucher, redeeming);
  if (refusal) throw refusal;
  requireCard(books, voucher);

  voucher.timesUsed += 1;
  books.memberUses.set(usesName, memberUses + 1);
  const { discountMinor, isCapped } = discountOf(voucher, orderMinor);
  const points = pointsOf(voucher);
  const data: RedeemData = {
    voucher_id: voucherId,
    code: voucher.code,
    type: voucher.type,
    member_id: memberId,
    discount_amount: discountMinor,
    capped: isCapped,
    points_awarded: points,
    points_status: points > 0 ? 'undecided' : null,
    remaining_uses: remainingUses(voucher),
    redemption_id: redemptionId,
    matched_by: match.kind,
    duplicate: false,
  };
  const { timesUsed } = voucher;
  books.redemptions.push({ order, voucher, memberId, discountMinor, points, timesUsed, data });
  if (orderReference !== null) {
    books.references.set(named(partnerId, voucherId, orderReference), { redemptionId, memberId, orderMinor, data });
  }
  return data;
}

/** Points of a card that is gone could never be booked, and of one that is going perhaps not. */
function requireCard({ cards }: Books, { partnerId, rewardCardId }: Voucher): void {
  if (rewardCardId === null) return;
  const card = cards.get(named(partnerId, rewardCardId));
  if (!card) throw new Miss(new AppError('VOUCHER_INVALID', { details: { reason: 'inactive' } }), ['catalog']);
  if (card.isHeld) throw beingDeleted();
}

function requireStaff({ staff }: Books, { partnerId, staffId }: Order, clubId: string): void {
  if (staffId === null) return;
  const name = named(partnerId, staffId);
  const refusal = () => invalid('staff_id', "must be active staff of the voucher's club");
  if (!staff.has(name)) throw new Miss(refusal(), ['staff']);
  if (staff.get(name) !== clubId) throw refusal();
}

/** The answer that the header's key got before. */
function replayOf({ keys }: Books, { idempotency }: Order): Outcome | undefined {
  if (!idempotency) return undefined;
  const { partnerId, scope, key, requestHash } = idempotency;
  const kept = keys.get(named(partnerId, scope, key));
  if (!kept) return undefined;
  if (kept.requestHash === requestHash) return { data: kept.data as RedeemData, replayed: true };
  throw new AppError('IDEMPOTENCY_KEY_REUSED', { details: { first_used_at: kept.createdAt.toISOString() } });
}

/** What an order's reference was used for. It never expires, also when the voucher is deleted. */
function keptOf({ references }: Books, { partnerId, voucherId, orderReference }: Order): KeptReference | undefined {
  return orderReference === null ? undefined : references.get(named(partnerId, voucherId, orderReference));
}

/** The first result of a natural key that was used before for the same member and amount. */
function repeatOf(books: Books, order: Order, { memberId }: Match): RedeemData | undefined {
  const { orderReference: reference, orderMinor } = order;
  const kept = keptOf(books, order);
  if (!kept) return undefined;
  if (kept.memberId === memberId && kept.orderMinor === orderMinor) return { ...kept.data, duplicate: true };
  throw new AppError('REFERENCE_CONFLICT', { details: { reference, existing_id: kept.redemptionId } });
}

function keep(books: Books, { idempotency, now }: Order, data: RedeemData): void {
  if (!idempotency) return;
  const { partnerId, scope, key, requestHash } = idempotency;
  books.keys.set(named(partnerId, scope, key), { requestHash, data, createdAt: now });
  books.newKeys.push({ idempotency, data, createdAt: now });
}

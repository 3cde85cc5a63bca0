import type { addStamps, Answer, Decimal, redeemStamps } from '@punchcard/contracts';
import type { Order } from '../booking/rules.ts';
import type { Progress, StampCard } from './rules.ts';

/** An order for a stamp card instead of a card. `transactionId` is the id of its stamp event. */
interface StampOrder extends Omit<Order, 'cardId'> {
  stampCardId: string;
  /** `Accept-Language`, for the titles. */
  language: string | null;
}

export interface AddStampsOrder extends StampOrder {
  kind: 'add_stamps';
  /** Null = as many as the stamp card gives. */
  stamps: number | null;
  amount: Decimal | null;
}

export interface RedeemStampsOrder extends StampOrder {
  kind: 'redeem_stamps';
}

export type StampsOrder = AddStampsOrder | RedeemStampsOrder;

export type AddStampsAnswer = Answer<typeof addStamps>;
export type RedeemStampsAnswer = Answer<typeof redeemStamps>;

export const isStampsOrder = <C extends { kind: string }>(command: C): command is Extract<C, StampsOrder> =>
  command.kind === 'add_stamps' || command.kind === 'redeem_stamps';

/** What a stamp event is, by the order that made it. */
export const eventKinds = { add_stamps: 'added', redeem_stamps: 'redeemed' } as const;

/** What a `reference` was used for. */
export interface KeptStamps {
  stampEventId: string;
  memberId: string;
  stampCardId: string;
  askedStamps: number | null;
  purchaseMinor: number | null;
  data: unknown;
}

/** A row of `stamp_events`. Stamps and rewards are signed; `used` is what completed cards used up. */
export interface StampEvent {
  fact: 'stamps';
  progress: Progress;
  clubId: string;
  stampEventId: string;
  kind: 'added' | 'expired' | 'redeemed';
  seq: number;
  stamps: number;
  used: number;
  stampsAfter: number;
  stampsRequired: number | null;
  /** Of the card to which the first of these stamps went, or of the one that has them. */
  stampsRequiredBefore: number;
  completions: number;
  completedAfter: number;
  rewards: number;
  pendingAfter: number;
  points: number;
  transactionId: string | null;
  expiresAt: Date | null;
  askedStamps: number | null;
  purchaseMinor: number | null;
  staffId: string | null;
  note: string | null;
  reference: string | null;
  answer: unknown;
  /** Null = it is not announced. */
  eventId: string | null;
  completedEventId: string | null;
  createdAt: Date;
  /** Of the partner. */
  timeZone: string;
  traceparent: string | null;
}

/** What a batch knows of stamps, as `Books` of everything else. */
export interface StampBooks {
  cards: ReadonlyMap<string, StampCard>;
  progresses: Map<string, Progress>;
  references: Map<string, KeptStamps>;
}

export const noStamps = (): StampBooks => ({ cards: new Map(), progresses: new Map(), references: new Map() });

import type {
  Answer,
  AwardEvent,
  awardPoints,
  claimReward,
  Decimal,
  EntryEvent,
  IdempotencyKey,
  IdentifierKind,
  purchase,
  redeem,
} from '@punchcard/contracts';
import type { Card } from '../cards/rules.ts';
import type { Lot } from '../lots/rules.ts';
import type { Reward } from '../redemptions/rules.ts';
import type { Staff } from '../staff/rules.ts';
import type { AddStampsAnswer, AddStampsOrder, RedeemStampsAnswer } from '../stamps/order-rules.ts';
import type { RedeemStampsOrder, StampBooks, StampsOrder } from '../stamps/order-rules.ts';
import type { Ladders } from '../tiers/rules.ts';
import type { Journal } from './journal-rules.ts';

export type MatchedBy = 'id' | IdentifierKind;

/** One way in which an identifier may be meant: a member's id, or the keyed hash of another kind. */
export interface Candidate {
  kind: MatchedBy;
  identifier: string;
}

interface Named {
  partnerId: string;
  cardId: string;
  /** In the order in which they are tried. */
  candidates: readonly Candidate[];
  now: Date;
}

export interface Order extends Named {
  transactionId: string;
  /** As it was sent, for the refusal. */
  memberIdentifier: string;
  staffId: string | null;
  note: string | null;
  reference: string | null;
  idempotency: IdempotencyKey | null;
  /** Happened at `now`, which is past: not before what the account has already. Other orders are dated after it. */
  isHistory: boolean;
  traceparent: string | null;
}

export interface Item {
  id: string;
  name: string;
  quantity: Decimal;
  amount: Decimal;
  sku?: string | undefined;
  category?: string | undefined;
}

export interface PurchaseOrder extends Order {
  kind: 'purchase';
  /** In major units as a caller writes it, or in minor units as another service does. */
  amount: { major: Decimal } | { minor: number };
  currency: string | null;
  items: readonly Item[];
  occurredAt: Date | null;
  isExplained: boolean;
}

export interface RedeemOrder extends Order {
  kind: 'redeem';
  rewardId: string;
  /** `Accept-Language`, for the title of the reward. */
  language: string | null;
  /** What a member claims for itself, with the code that it shows at the till. Null = the till redeems. */
  claim: { memberId: string; code: string } | null;
}

/** The same, of a member. */
export interface ClaimOrder extends RedeemOrder {
  claim: NonNullable<RedeemOrder['claim']>;
}

/** Books points that another service owes. */
export interface AwardOrder extends Order {
  kind: 'award';
  event: AwardEvent;
  memberId: string;
  points: number;
  reference: string;
  /** When they were earned; null = now. */
  occurredAt: Date | null;
  idempotency: null;
}

/** Books what became true by itself: expiry, activation, a new place on the ladder. */
export interface SettleOrder extends Named {
  kind: 'settle';
}

export type Command = PurchaseOrder | RedeemOrder | AwardOrder | StampsOrder | SettleOrder;

export type PurchaseAnswer = Answer<typeof purchase>;
export type RedeemAnswer = Answer<typeof redeem>;
export type ClaimAnswer = Answer<typeof claimReward>;
export type AwardAnswer = Answer<typeof awardPoints>;

/** What a command answers: the data as it goes over the wire, since a repeat must get the very same. */
export interface Outcome<T = unknown> {
  data: T;
  replayed: boolean;
}

export type OutcomeOf<C extends Command> = Outcome<
  C extends PurchaseOrder
    ? PurchaseAnswer
    : C extends ClaimOrder
      ? ClaimAnswer
      : C extends RedeemOrder
        ? RedeemAnswer
        : C extends AwardOrder
          ? AwardAnswer
          : C extends AddStampsOrder
            ? AddStampsAnswer
            : C extends RedeemStampsOrder
              ? RedeemStampsAnswer
              : null
>;

/** A member that an identifier fits. */
export interface Match {
  kind: MatchedBy;
  memberId: string;
  /** False for the id of an anonymised member. */
  isFindable: boolean;
}

export interface Standing {
  readonly partnerId: string;
  readonly memberId: string;
  lifetimePoints: number;
  tierId: string | null;
  clubs: Record<string, { lifetimePoints: number; tierId: string | null }>;
  uses: Record<string, number>;
  tierMoves: number;
  readonly isNew: boolean;
  /** Lots of all cards that are not counted yet, as far as they can be by the end of the batch. */
  readonly asleep: Lot[];
}

export interface Account {
  readonly partnerId: string;
  readonly memberId: string;
  readonly cardId: string;
  readonly clubId: string;
  readonly currency: string;
  balance: number;
  seq: number;
  hasPurchased: boolean;
  lastEntryAt: Date | null;
  readonly isNew: boolean;
  /** In the order of spending: those that are due, and, if the batch spends, enough to spend. */
  readonly lots: Lot[];
  /** Points of lots that are not in `lots` and stay pending to the end of the batch. */
  readonly pendingBeyond: number;
}

export interface Counter {
  readonly partnerId: string;
  readonly id: string;
  used: number;
}

/** The first answer to an `Idempotency-Key`. */
export interface KeptAnswer {
  requestHash: string;
  data: unknown;
  createdAt: Date;
}

/** What a `reference` was used for. */
export interface KeptReference {
  transactionId: string;
  memberId: string;
  cardId: string;
  purchaseMinor: number | null;
  rewardId: string | null;
  /** Of an award. */
  award: { event: EntryEvent; points: number } | null;
  data: unknown;
}

/** Everything a batch decides on, as it is under its locks, and changes in memory command by command. */
export interface Books {
  matches: ReadonlyMap<string, readonly Match[]>;
  cards: ReadonlyMap<string, Card>;
  rewards: ReadonlyMap<string, Reward>;
  staff: ReadonlyMap<string, Staff>;
  stamps: StampBooks;
  /** Partner > its ladders. */
  ladders: ReadonlyMap<string, Ladders>;
  standings: Map<string, Standing>;
  accounts: Map<string, Account>;
  counters: ReadonlyMap<string, Counter>;
  keys: Map<string, KeptAnswer>;
  references: Map<string, KeptReference>;
  journal: Journal;
  /** Makes ids for what is booked beside the order itself. */
  newId: () => string;
}

/** One command with the rows it is about. */
export interface Position {
  books: Books;
  card: Card;
  ladders: Ladders;
  standing: Standing;
  account: Account;
  /** When it is booked. */
  at: Date;
  traceparent: string | null;
}

/** The name of a row in the maps of `Books`. */
export const named = (...ids: string[]): string => ids.join(' ');

/** Stands where a member would, for references that are the partner's. */
export const OF_PARTNER = '00000000-0000-0000-0000-000000000000';

/** Whose reference an order has: a member's are its own, so that nobody meets what another member or a till has named. */
export const referenceOf = (order: Command): string =>
  order.kind === 'redeem' && order.claim ? order.claim.memberId : OF_PARTNER;

/** The name of a natural key in `Books.references`. The reference stands last: it alone may hold spaces. */
export const referenceName = (key: {
  partnerId: string;
  kind: string;
  reference: string;
  referenceOf: string;
}): string => named(key.partnerId, key.kind, key.referenceOf, key.reference);

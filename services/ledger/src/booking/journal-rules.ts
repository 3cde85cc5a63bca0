import type { EntryEvent, IdempotencyKey } from '@punchcard/contracts';
import type { Lot } from '../lots/rules.ts';
import type { StampEvent } from '../stamps/order-rules.ts';
import type { Progress } from '../stamps/rules.ts';
import type { Account, Counter, PurchaseAnswer, Standing } from './rules.ts';

export interface StoredItem {
  id: string;
  name: string;
  quantity: string;
  amount_minor: number;
  sku?: string;
  category?: string;
}

/** A row of the ledger. */
export interface Entry {
  fact: 'entry';
  account: Account;
  transactionId: string;
  kind: 'purchase' | 'redeem' | 'bonus' | 'award' | 'stamps' | 'expiry';
  event: EntryEvent;
  points: number;
  seq: number;
  balanceAfter: number;
  eventId: string;
  purchaseMinor: number | null;
  rewardId: string | null;
  staffId: string | null;
  reference: string | null;
  /** The member whose it is, or `OF_PARTNER`. */
  referenceOf: string;
  claimCode: string | null;
  note: string | null;
  breakdown: PurchaseAnswer['breakdown'] | null;
  items: readonly StoredItem[] | null;
  /** Kept for a repeat of the reference. */
  answer: unknown;
  groupId: string | null;
  activatesAt: Date | null;
  expiresAt: Date | null;
  /** Of the partner. */
  timeZone: string;
  occurredAt: Date;
  createdAt: Date;
  traceparent: string | null;
}

export interface TierMove {
  fact: 'tier_move';
  standing: Standing;
  /** The club of the ladder, null = partner-wide. */
  clubId: string | null;
  previous: { tierId: string | null; name: string | null };
  next: { tierId: string | null; name: string | null };
  sequence: number;
  eventId: string;
  at: Date;
  traceparent: string | null;
}

export interface Owner {
  partnerId: string;
  memberId: string;
}

/** What a batch has decided, to be saved. Facts are in the order in which they are announced. */
export interface Journal {
  facts: (Entry | TierMove | StampEvent)[];
  opened: Map<Lot, Owner>;
  /** Lots whose points or state moved, also opened ones. */
  changed: Map<Lot, Owner>;
  spends: { partnerId: string; transactionId: string; lotId: string; points: number }[];
  accounts: Set<Account>;
  standings: Set<Standing>;
  progresses: Set<Progress>;
  counters: Set<Counter>;
  keys: { idempotency: IdempotencyKey; data: unknown; createdAt: Date }[];
}

export const emptyJournal = (): Journal => ({
  ...{ facts: [], opened: new Map(), changed: new Map(), spends: [], keys: [] },
  ...{ accounts: new Set(), standings: new Set(), progresses: new Set(), counters: new Set() },
});

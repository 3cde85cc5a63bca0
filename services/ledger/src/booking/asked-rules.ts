import { stampsAskedBy, type AskedStamps } from '../stamps/asked-rules.ts';
import { isStampsOrder, type StampsOrder } from '../stamps/order-rules.ts';
import { named, referenceName, referenceOf, type Command } from './rules.ts';

/** An account as commands name it. Which member it is the database finds out; an identifier may fit several. */
export interface AskedAccount {
  partnerId: string;
  identifier: string;
  /** Null = of no card, only the member is meant. */
  cardId: string | null;
  /** Whether a command spends from it. */
  isSpent: boolean;
}

export interface AskedKey {
  partnerId: string;
  scope: string;
  key: string;
}

export interface AskedReference {
  partnerId: string;
  kind: string;
  reference: string;
  /** The member whose it is, or `OF_PARTNER`. */
  referenceOf: string;
}

export interface AskedId {
  partnerId: string;
  id: string;
}

/** What the commands of a batch name, each once. */
export interface Asked {
  /** Nothing of it will be written: it is read from a snapshot, without a lock. */
  isDry: boolean;
  /** The latest instant at which one of them is booked. */
  until: Date;
  accounts: AskedAccount[];
  cards: AskedId[];
  rewards: AskedId[];
  staff: AskedId[];
  keys: AskedKey[];
  references: AskedReference[];
  stamps: AskedStamps;
}

export function askedBy(commands: readonly Command[]): Asked {
  const accounts = new Map<string, AskedAccount>();
  const cards = new Map<string, AskedId>();
  const rewards = new Map<string, AskedId>();
  const staff = new Map<string, AskedId>();
  const keys = new Map<string, AskedKey>();
  const references = new Map<string, AskedReference>();
  let until = new Date(0);
  for (const command of commands) {
    const { partnerId, kind, now } = command;
    if (now > until) until = now;
    if (!isStampsOrder(command)) {
      for (const { identifier } of command.candidates) addAccount(accounts, command, identifier);
      cards.set(named(partnerId, command.cardId), { partnerId, id: command.cardId });
    }
    if (command.kind === 'settle') continue;
    const { idempotency, reference, staffId } = command;
    if (command.kind === 'redeem') {
      rewards.set(named(partnerId, command.rewardId), { partnerId, id: command.rewardId });
    }
    if (staffId !== null) staff.set(named(partnerId, staffId), { partnerId, id: staffId });
    if (idempotency) keys.set(named(idempotency.partnerId, idempotency.scope, idempotency.key), idempotency);
    if (reference !== null && !isStampsOrder(command)) {
      const natural = { partnerId, kind, reference, referenceOf: referenceOf(command) };
      references.set(referenceName(natural), natural);
    }
  }
  return {
    isDry: false,
    until,
    accounts: [...accounts.values()],
    cards: [...cards.values()],
    rewards: [...rewards.values()],
    staff: [...staff.values()],
    keys: [...keys.values()],
    references: [...references.values()],
    stamps: stampsAskedBy(commands),
  };
}

function addAccount(
  accounts: Map<string, AskedAccount>,
  { partnerId, cardId, kind }: Exclude<Command, StampsOrder>,
  identifier: string,
): void {
  const name = named(partnerId, identifier, cardId);
  const isSpent = kind === 'redeem';
  const asked = accounts.get(name);
  if (asked) asked.isSpent ||= isSpent;
  else accounts.set(name, { partnerId, identifier, cardId, isSpent });
}

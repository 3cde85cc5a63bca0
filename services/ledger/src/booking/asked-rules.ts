import { named, type Command } from './rules.ts';

/** An account as commands name it. Which member it is the database finds out; an identifier may fit several. */
export interface AskedAccount {
  partnerId: string;
  identifier: string;
  cardId: string;
  /** Whether a command spends from it. */
  isSpent: boolean;
  /** The latest instant at which a command is booked. */
  until: Date;
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
}

export interface AskedId {
  partnerId: string;
  id: string;
}

/** What the commands of a batch name, each once. */
export interface Asked {
  accounts: AskedAccount[];
  cards: AskedId[];
  rewards: AskedId[];
  keys: AskedKey[];
  references: AskedReference[];
}

export function askedBy(commands: readonly Command[]): Asked {
  const accounts = new Map<string, AskedAccount>();
  const cards = new Map<string, AskedId>();
  const rewards = new Map<string, AskedId>();
  const keys = new Map<string, AskedKey>();
  const references = new Map<string, AskedReference>();
  for (const command of commands) {
    const { partnerId, cardId, kind } = command;
    for (const { identifier } of command.candidates) addAccount(accounts, command, identifier);
    cards.set(named(partnerId, cardId), { partnerId, id: cardId });
    if (kind === 'settle') continue;
    const { idempotency, reference } = command;
    if (kind === 'redeem') rewards.set(named(partnerId, command.rewardId), { partnerId, id: command.rewardId });
    if (idempotency) keys.set(named(idempotency.partnerId, idempotency.scope, idempotency.key), idempotency);
    if (reference !== null) references.set(named(partnerId, kind, reference), { partnerId, kind, reference });
  }
  return {
    accounts: [...accounts.values()],
    cards: [...cards.values()],
    rewards: [...rewards.values()],
    keys: [...keys.values()],
    references: [...references.values()],
  };
}

function addAccount(
  accounts: Map<string, AskedAccount>,
  { partnerId, cardId, kind, now }: Command,
  identifier: string,
): void {
  const name = named(partnerId, identifier, cardId);
  const asked = accounts.get(name);
  const isSpent = kind === 'redeem';
  if (!asked) accounts.set(name, { partnerId, identifier, cardId, isSpent, until: now });
  else {
    asked.isSpent ||= isSpent;
    if (now > asked.until) asked.until = now;
  }
}

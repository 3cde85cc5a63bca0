import type { Asked, AskedId } from '../booking/asked-rules.ts';
import { named, type Command } from '../booking/rules.ts';
import { eventKinds, isStampsOrder } from './order-rules.ts';
import type { StampCard } from './rules.ts';

/** A progress as orders name it. Which member it is the database finds out; an identifier may fit several. */
export interface AskedProgress {
  partnerId: string;
  identifier: string;
  stampCardId: string;
}

export interface AskedStampReference {
  partnerId: string;
  kind: string;
  reference: string;
}

/** What the orders of a batch name of stamps, each once. */
export interface AskedStamps {
  cards: AskedId[];
  progresses: AskedProgress[];
  references: AskedStampReference[];
}

export function stampsAskedBy(commands: readonly Command[]): AskedStamps {
  const cards = new Map<string, AskedId>();
  const progresses = new Map<string, AskedProgress>();
  const references = new Map<string, AskedStampReference>();
  for (const { partnerId, stampCardId, candidates, kind: order, reference } of commands.filter(isStampsOrder)) {
    cards.set(named(partnerId, stampCardId), { partnerId, id: stampCardId });
    for (const { identifier } of candidates) {
      progresses.set(named(partnerId, identifier, stampCardId), { partnerId, identifier, stampCardId });
    }
    const kind = eventKinds[order];
    if (reference !== null) references.set(named(partnerId, kind, reference), { partnerId, kind, reference });
  }
  return { cards: [...cards.values()], progresses: [...progresses.values()], references: [...references.values()] };
}

/**
 * With the members whom stamps are for, and the accounts onto which their stamp cards pay, which nobody but the stamp cards
 * can tell.
 */
export function withPayingCards(asked: Asked, stampCards: readonly StampCard[]): Asked {
  if (asked.stamps.progresses.length === 0) return asked;
  const paying = new Map(
    stampCards.map(({ partnerId, stampCardId, rewardCardId }) => [named(partnerId, stampCardId), rewardCardId]),
  );
  const accounts = new Map(asked.accounts.map((account) => [nameOf(account), account]));
  const cards = new Map(asked.cards.map((card) => [named(card.partnerId, card.id), card]));
  for (const { partnerId, identifier, stampCardId } of asked.stamps.progresses) {
    const cardId = paying.get(named(partnerId, stampCardId)) ?? null;
    const account = { partnerId, identifier, cardId, isSpent: false };
    if (!accounts.has(nameOf(account))) accounts.set(nameOf(account), account);
    if (cardId !== null) cards.set(named(partnerId, cardId), { partnerId, id: cardId });
  }
  return { ...asked, accounts: [...accounts.values()], cards: [...cards.values()] };
}

const nameOf = ({ partnerId, identifier, cardId }: Asked['accounts'][number]): string =>
  named(partnerId, identifier, cardId ?? '');

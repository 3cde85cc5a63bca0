import type { Envelope } from '@punchcard/contracts';
import { REPLAY_HEADER, type Received } from './dead-letters.ts';
import { decode } from './envelope.ts';
import type { Interest, Subscription } from './subscription.ts';

/** A message on its way through the consumer. */
export interface Item {
  received: Received;
  /** Absent when the message is no event of ours. */
  envelope?: Envelope;
  /** Absent when nobody here asked for the event. */
  subscription?: Subscription;
  /** Why it can never be applied, and whether it is on the dead-letter topic already. */
  failure?: { error: unknown; isSent: boolean };
}

interface Reader {
  group: string;
  interests: ReadonlyMap<string, Interest>;
}

/** Reads a message. One that breaks its contract becomes an item with a failure. */
export function toItem(received: Received, { group, interests }: Reader): Item {
  const item: Item = { received };
  try {
    item.envelope = decode(received.value);
    const interest = interests.get(item.envelope.type);
    const replayFor = received.headers[REPLAY_HEADER]?.toString();
    if (!interest || (replayFor !== undefined && replayFor !== group)) return item;
    item.envelope.data = interest.event.data.parse(item.envelope.data);
    item.subscription = interest.subscription;
  } catch (error) {
    item.failure = { error, isSent: false };
  }
  return item;
}

export type Outcome = 'applied' | 'duplicate' | 'skipped' | 'dead';

export function outcomeOf({ failure, subscription }: Item, isFresh: boolean): Outcome {
  if (failure) return 'dead';
  if (!subscription) return 'skipped';
  return isFresh ? 'applied' : 'duplicate';
}

import type { Envelope, EventType } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';

/** What a service does with one event, inside the transaction that also records the event as processed. */
export type Handler<E extends EventType> = (tx: Tx, envelope: Envelope<E>) => Promise<void>;

/** The same for many events at once, in the order of their partitions. */
export type BatchHandler<E extends EventType> = (tx: Tx, envelopes: readonly Envelope<E>[]) => Promise<void>;

export interface Subscription {
  readonly events: readonly EventType[];
  /** Whether `handle` takes any number of events, or one at a time. */
  readonly takesMany: boolean;
  /** Is called with new events only; never with a duplicate. */
  readonly handle: (tx: Tx, envelopes: readonly Envelope[]) => Promise<void>;
}

/** Subscribes to one event. The handler knows no offsets, retries or duplicates: whatever it throws rolls all of it back. */
export function on<E extends EventType>(event: E, handler: Handler<E>): Subscription {
  // The consumer hands over only what the event's schema accepted.
  return { events: [event], takesMany: false, handle: (tx, [envelope]) => handler(tx, envelope as Envelope<E>) };
}

/**
 * Subscribes to several events that are applied together, for consumers that sum up (analytics). One call gets what one
 * transaction holds, at most 500 events; if it throws, they are tried in halves until the bad one is alone.
 */
export function onMany<E extends EventType>(events: readonly E[], handler: BatchHandler<E>): Subscription {
  return { events, takesMany: true, handle: (tx, envelopes) => handler(tx, envelopes as readonly Envelope<E>[]) };
}

/** Subscriptions by event type. Two of one event in one consumer are a mistake: their order would be nobody's. */
export function byType(subscriptions: readonly Subscription[]): ReadonlyMap<string, Interest> {
  const found = new Map<string, Interest>();
  for (const subscription of subscriptions) {
    for (const event of subscription.events) {
      if (found.has(event.type)) throw new Error(`There are two subscriptions to ${event.type}.`);
      found.set(event.type, { event, subscription });
    }
  }
  return found;
}

export interface Interest {
  event: EventType;
  subscription: Subscription;
}

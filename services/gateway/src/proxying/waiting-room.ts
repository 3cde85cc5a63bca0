/** A request that waits for a service. */
export interface Waiting {
  /** When the service got all that it needs to answer, or 0 while the client still has to send. */
  waitingSince: number;
  /** Its place in the room; -1: it is in none. */
  place: number;
  /** It has waited too long. */
  expire(): void;
}

export interface WaitingRoom {
  readonly size: number;
  enter(one: Waiting): void;
  /** Leaving twice changes nothing. */
  leave(one: Waiting): void;
  /** Tells those who wait since before an instant that it was too long. */
  expire(oldest: number): void;
}

/**
 * Requests under way. An array in which each knows its place, not a `Set`: the tables that a Set outgrows go on naming what was in
 * them, and in the old generation they keep request after request alive until the next full collection. With a Set the
 * garbage collector took a third of the gateway's CPU time.
 */
export function createWaitingRoom(): WaitingRoom {
  const places: Waiting[] = [];

  return {
    get size() {
      return places.length;
    },
    enter(one) {
      one.place = places.push(one) - 1;
    },
    leave(one) {
      const { place } = one;
      if (place === -1) return;
      const last = places.pop()!;
      if (last !== one) {
        places[place] = last;
        last.place = place;
      }
      one.place = -1;
    },
    expire(oldest) {
      // Who expires leaves, and another takes the place.
      for (const one of [...places]) if (one.waitingSince !== 0 && one.waitingSince < oldest) one.expire();
    },
  };
}

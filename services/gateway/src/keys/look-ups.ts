import type { KeyRecord } from '@punchcard/contracts';
import type { KnownKey } from './known-key.ts';
import type { Shelf } from './record-shelf.ts';

/** Asks `partners` for a key by its HMAC; null when there is none, rejects when it cannot be asked. */
export type AskPartners = (kind: KeyRecord['kind'], hmac: string) => Promise<KeyRecord | null>;

export interface LookUpOptions {
  ask: AskPartners;
  toKnownKey: (record: KeyRecord) => KnownKey;
  shelf: Shelf;
  now: () => number;
  random: () => number;
}

/** Which place on the shelf, and how `partners` knows the key. */
export interface Wanted {
  index: string;
  kind: KeyRecord['kind'];
  hmac: string;
}

/** Reads keys onto the shelf. One look-up serves all who wait for it. */
export function createLookUps({ ask, toKnownKey, shelf, now, random }: LookUpOptions) {
  const underWay = new Map<string, Promise<KnownKey | null>>();
  let invalidations = 0;

  const read = async ({ index, kind, hmac }: Wanted): Promise<KnownKey | null> => {
    const before = invalidations;
    const record = await ask(kind, hmac);
    const known = record && toKnownKey(record);
    // What changed meanwhile may have made this answer too old to keep.
    if (invalidations !== before) return known;
    if (known) shelf.put(index, { known, kind, hmac, freshAt: now(), haste: random(), failedAt: -Infinity });
    else shelf.putUnknown(index);
    return known;
  };

  return {
    lookUp(wanted: Wanted): Promise<KnownKey | null> {
      const shared = underWay.get(wanted.index);
      if (shared) return shared;
      const reading = read(wanted).finally(() => {
        if (underWay.get(wanted.index) === reading) underWay.delete(wanted.index);
      });
      underWay.set(wanted.index, reading);
      return reading;
    },
    /** Something changed: who asks from now on gets an answer that was read from now on. */
    invalidate(): void {
      invalidations++;
      underWay.clear();
    },
  };
}

import type { KeyRecord } from '@punchcard/contracts';
import type { KnownKey } from './known-key.ts';

/** A key as it was read from `partners`. */
export interface Entry {
  known: KnownKey;
  kind: KeyRecord['kind'];
  /** The HMAC it is asked for by; the text of a key is never kept. */
  hmac: string;
  freshAt: number;
  /** From 0 to 1: by how much of a quarter of its time it is refreshed early. Keys that came together do not come together again. */
  haste: number;
  failedAt: number;
}

const UNKNOWN_MS = 5_000;
const MAX_UNKNOWN = 10_000;
const MAX_KNOWN = 50_000;

/** Keys that exist, findable by the ids in them, and for 5 s those that do not. Both bounded; the oldest go first. */
export function createShelf(now: () => number) {
  const entries = new Map<string, Entry>();
  const indexesById = new Map<string, Set<string>>();
  const unknown = new Map<string, number>();

  const remove = (index: string): void => {
    const entry = entries.get(index);
    if (!entry) return;
    entries.delete(index);
    for (const id of idsOf(entry)) {
      const indexes = indexesById.get(id);
      indexes?.delete(index);
      if (indexes?.size === 0) indexesById.delete(id);
    }
  };

  return {
    entries,
    remove,
    put(index: string, entry: Entry): void {
      remove(index);
      unknown.delete(index);
      entries.set(index, entry);
      for (const id of idsOf(entry)) indexesById.set(id, (indexesById.get(id) ?? new Set()).add(index));
      if (entries.size > MAX_KNOWN) remove(entries.keys().next().value!);
    },
    putUnknown(index: string): void {
      remove(index);
      unknown.delete(index);
      unknown.set(index, now());
      for (const [oldest, at] of unknown) {
        if (unknown.size <= MAX_UNKNOWN && at > now() - UNKNOWN_MS) break;
        unknown.delete(oldest);
      }
    },
    isUnknown: (index: string): boolean => (unknown.get(index) ?? -Infinity) > now() - UNKNOWN_MS,
    removeById(id: string): void {
      for (const index of [...(indexesById.get(id) ?? [])]) remove(index);
    },
  };
}

export type Shelf = ReturnType<typeof createShelf>;

function idsOf({ known: { record } }: Entry): string[] {
  return record.partner ? [record.key_id, record.partner.id] : [record.key_id];
}

import type { Sql } from '@punchcard/database';
import { isCounted } from './views.ts';

/** For whom counts are kept, as a process knows it, and for whom they should be. */
export interface Kept {
  /** Whether a partner's history is counted; as of some seconds ago, if it was not. */
  has(partnerId: string): Promise<boolean>;
  /** Notes a partner that has many entries. Lost with the process: the next list of that partner notes it again. */
  note(partnerId: string): void;
  noted(): string[];
  forget(partnerIds: readonly string[]): void;
}

const ASK_AGAIN_MS = 5_000;
const MAX_REMEMBERED = 10_000;

export function createKept(sql: Sql): Kept {
  const counted = new Set<string>();
  const asked = new Map<string, { at: number; answer: Promise<boolean> }>();
  const wanted = new Set<string>();

  const ask = async (partnerId: string): Promise<boolean> => {
    try {
      const is = await isCounted(sql, partnerId);
      if (is) counted.add(partnerId);
      return is;
    } catch (error) {
      asked.delete(partnerId);
      throw error;
    }
  };

  return {
    has: async (partnerId) => {
      if (counted.has(partnerId)) return true;
      const [last, now] = [asked.get(partnerId), performance.now()];
      if (last && now - last.at < ASK_AGAIN_MS) return last.answer;
      if (asked.size >= MAX_REMEMBERED) asked.clear();
      const answer = ask(partnerId);
      asked.set(partnerId, { at: now, answer });
      return answer;
    },
    note: (partnerId) => void wanted.add(partnerId),
    noted: () => [...wanted],
    forget: (partnerIds) => {
      for (const partnerId of partnerIds) wanted.delete(partnerId);
    },
  };
}

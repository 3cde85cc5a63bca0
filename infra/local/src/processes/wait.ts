import { setTimeout as sleep } from 'node:timers/promises';

export type WaitOptions = { timeoutMs: number; everyMs?: number };

/** Asks until the answer is true; false when the time is over. A probe that throws counts as "not yet". */
export const waitUntil = async (
  probe: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 50 }: WaitOptions,
): Promise<boolean> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      if (await probe()) return true;
    } catch {
      // Not yet: what is being started refuses connections until it listens.
    }
    if (performance.now() >= end) return false;
    await sleep(everyMs);
  }
};

/** `1.2 s`, for people. */
export const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

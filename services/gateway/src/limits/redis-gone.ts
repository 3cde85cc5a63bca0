import { shareNow } from './levels.ts';
import type { Limits } from './local.ts';
import { earliest } from './rules.ts';
import { slide } from './tally-rules.ts';

/**
 * Sends something to Redis. Null when Redis is gone: an error, a lost connection, or no answer in time. Nobody knows then
 * whether it was done; the merge on coming back makes it undone.
 */
export function send<T>(limits: Limits, work: () => Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const flight = { sentAt: limits.clock.nowMs(), isLate: false, fail: () => resolve(null) };
    limits.flights.add(flight);
    work().then(
      (answer) => {
        // One that comes after its time is not believed.
        if (limits.flights.delete(flight)) resolve(answer);
      },
      (error: unknown) => {
        if (limits.flights.has(flight)) goAlone(limits, error);
      },
    );
  });
}

/** Redis is gone: from here each gateway admits its share of what was free, by its own counts. */
export function goAlone(limits: Limits, reason: unknown): void {
  const flights = [...limits.flights];
  limits.flights.clear();
  limits.hasMissed = true;
  if (!limits.isAlone) {
    limits.isAlone = true;
    limits.goneAt = limits.clock.nowMs();
    limits.count('gone');
    limits.log.warn({ err: reason, gateways: limits.gateways }, 'Redis is gone; limits go on by shares');
    capAll(limits);
  }
  for (const { fail } of flights) fail();
}

/** A cap that still holds from an earlier loss is never raised. */
function capAll(limits: Limits): void {
  const now = earliest(limits.time, limits.clock.nowMs());
  for (const window of limits.windows.values()) {
    const { key, quota, windowMs, tally } = window;
    slide(tally, now, windowMs);
    window.cap = Math.min(window.cap, tally.total + shareNow(limits, { key, quota, lifeMs: windowMs }));
  }
  for (const slots of limits.slots.values()) {
    const { key, limit: quota } = slots;
    slots.cap = Math.min(slots.cap, slots.held + shareNow(limits, { key, quota, lifeMs: limits.settings.lapseMs }));
  }
}

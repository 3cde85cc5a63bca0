import type { Admission, Subject } from './admission.ts';
import { hear } from './levels.ts';
import type { Limits, LocalWindow } from './local.ts';
import { leaseSizeOf } from './rules.ts';
import { takeSlot } from './slots.ts';
import { admitted } from './states.ts';
import { send } from './redis-gone.ts';
import type { WindowAnswer } from './store.ts';
import { addTo } from './tally-rules.ts';

const noSlot = (): void => {};

/** The hot path: admits by leases and idle slots alone, or not at all (undefined). Nothing is taken unless all of it can be. */
export function takeLeased(limits: Limits, subject: Subject): Admission | undefined {
  const now = limits.clock.nowMs();
  const { windows } = subject;
  for (const { key, isCounted } of windows) {
    if (isCounted === false) continue;
    const lease = limits.windows.get(key)?.lease;
    if (!lease || lease.left <= 0 || now >= lease.deadline) return undefined;
  }
  const slots = subject.slots && limits.slots.get(subject.slots.key);
  if (subject.slots && !(slots && slots.inUse + slots.promised < slots.held && now < slots.deadline)) return undefined;

  for (const { key, isCounted } of windows) {
    if (isCounted !== false) limits.windows.get(key)!.lease!.left--;
  }
  limits.count('leased');
  return admitted(limits, subject, { behind: 0, release: slots ? takeSlot(limits, slots) : noSlot });
}

/** Whether a lease is used up to half, so that the next should come before it is missed. Small ones are not worth it. */
export function isLow(limits: Limits, { windows }: Subject): boolean {
  for (const { key, quota, isCounted } of windows) {
    const size = leaseSizeOf(quota);
    if (isCounted === false || size < 8) continue;
    const window = limits.windows.get(key);
    if (window?.lease && window.lease.left * 2 <= size && !window.isTopping && window.cap === Infinity) return true;
  }
  return false;
}

/** Calls to ask on lease; none for a window that is asked about less than once a second. */
export function wantedCalls(window: LocalWindow, now: number): number {
  const isWarm = now - window.askedAt < 1_000;
  return isWarm && window.cap === Infinity ? Math.max(0, leaseSizeOf(window.quota) - (window.lease?.left ?? 0)) : 0;
}

/** Keeps what Redis said of a window, and what it leased. */
export function noteWindow(
  limits: Limits,
  window: LocalWindow,
  { answer, admitted: calls, sentMs }: { answer: WindowAnswer; admitted: number; sentMs: number },
): void {
  const { bucket, leased, lifeMs, level, told } = answer;
  window.remaining = window.quota - answer.used;
  window.resetAt = answer.resetAt;
  window.answeredAt = limits.clock.nowMs();
  hear(limits, window.key, { level, told, lifeMs: window.windowMs });
  addTo(window.tally, bucket, calls + leased);
  if (leased === 0) return;
  // What is left of one in another bucket has ended: a lease never outlives its bucket.
  if (window.lease && window.lease.bucket !== bucket) endLease(limits, window);
  window.lease = { left: leased + (window.lease?.left ?? 0), bucket, deadline: sentMs + lifeMs };
  limits.leased.add(window);
}

/** Gives back what is left of a lease. Without Redis it only leaves the tally; the merge on coming back does the rest. */
export function endLease(limits: Limits, window: LocalWindow): void {
  const { lease, key, windowMs, quota } = window;
  window.lease = null;
  limits.leased.delete(window);
  if (!lease || lease.left === 0) return;
  addTo(window.tally, lease.bucket, -lease.left);
  if (!limits.isAlone)
    void send(limits, () => limits.store.giveBack({ key, windowMs, quota }, lease.bucket, lease.left));
}

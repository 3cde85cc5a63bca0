import type { Admitted, LimitState, Refused, Subject, WindowState } from './admission.ts';
import { slotsOf, windowOf, type Limits, type LocalSlots, type LocalWindow } from './local.ts';
import { earliest, secondsUntil } from './rules.ts';
import { nextLeaves } from './tally-rules.ts';

/** Without Redis nobody knows when a place is free; it is probably back by then. */
const aloneRetryMs = 5_000;

/** How a subject stands. `behind`: calls already counted that come after the one it is for, so that Remaining counts down. */
export function stateOf(limits: Limits, subject: Subject, behind: number): LimitState {
  const now = Math.floor(earliest(limits.time, limits.clock.nowMs()));
  const windows: WindowState[] = [];
  for (const asked of subject.windows) {
    const { policy, quota: limit, windowMs, isCounted = true } = asked;
    if (!isCounted) {
      windows.push({ policy, limit, windowMs, remaining: limit, resetAt: now, isCounted });
      continue;
    }
    const window = windowOf(limits, asked);
    const remaining = Math.max(0, Math.min(limit, remainingOf(limits, window) + behind));
    windows.push({ policy, limit, windowMs, remaining, resetAt: resetOf(limits, window, now), isCounted });
  }
  return { now, windows, slots: subject.slots && slotsStateOf(limits, slotsOf(limits, subject.slots), behind) };
}

function remainingOf({ isAlone }: Limits, { lease, cap, tally, remaining }: LocalWindow): number {
  const left = lease ? lease.left : 0;
  const own = cap - tally.total + left;
  return isAlone ? own : Math.min(own, remaining + left);
}

function resetOf({ isAlone }: Limits, { windowMs, tally, cap, resetAt }: LocalWindow, now: number): number {
  if (!isAlone) return Math.max(now, resetAt);
  const leaves = nextLeaves(tally, windowMs);
  if (tally.total < cap) return Math.max(now, leaves ?? now);
  return Math.max(now, Math.min(leaves ?? Infinity, now + aloneRetryMs));
}

function slotsStateOf({ isAlone }: Limits, slots: LocalSlots, behind: number): { limit: number; remaining: number } {
  const { limit, total, held, inUse, cap } = slots;
  const free = isAlone ? cap - inUse : Math.min(limit - total + Math.max(0, held - inUse), cap - inUse);
  return { limit, remaining: Math.max(0, Math.min(limit, free + behind)) };
}

/** An admitted call. `release` gives back its slot, which has been taken already. */
export function admitted(
  limits: Limits,
  subject: Subject,
  { behind, release }: { behind: number; release: () => void },
): Admitted {
  let isHeld = true;
  return {
    admitted: true,
    state: stateOf(limits, subject, behind),
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      release();
    },
  };
}

/** A refusal, by the window that has no room for longest, else by the slots. */
export function refused(limits: Limits, subject: Subject): Refused {
  limits.count('refused');
  const state = stateOf(limits, subject, 0);
  let full: WindowState | undefined;
  for (const window of state.windows) {
    if (window.remaining <= 0 && (!full || window.resetAt > full.resetAt)) full = window;
  }
  if (full) {
    const retryAfterSeconds = secondsUntil(full.resetAt, state.now);
    return { admitted: false, code: 'RATE_LIMITED', policy: full.policy, limit: full.limit, retryAfterSeconds, state };
  }
  const { slots, windows } = state;
  // Only while caps hold: what is left of them has been promised to calls that are under way.
  if (!slots) {
    const { policy, limit } = windows[0]!;
    return { admitted: false, code: 'RATE_LIMITED', policy, limit, retryAfterSeconds: 1, state };
  }
  const { limit } = slots;
  return {
    admitted: false,
    code: 'CONCURRENT_LIMIT_EXCEEDED',
    policy: 'concurrent',
    limit,
    retryAfterSeconds: 1,
    state,
  };
}

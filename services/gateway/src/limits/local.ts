import type { Admission, Slots, Subject, Window } from './admission.ts';
import { capOfNew, type Known, type View } from './levels.ts';
import type { RedisTime } from './rules.ts';
import type { LimitStore } from './store.ts';
import { createTally, type Tally } from './tally-rules.ts';

export interface Clock {
  /** Monotonic milliseconds: for the lives of leases, and to carry Redis' time forward. */
  nowMs(): number;
  /** Unix milliseconds; used only until Redis has told its time once. */
  wallMs(): number;
  after(ms: number, work: () => void): void;
}

export interface LimiterLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** `leased`, `asked`, `alone`: how a call was admitted; `refused`; `gone`, `back`: Redis; `lost`: Redis lost a window. */
export type LimiterEvent = 'leased' | 'asked' | 'alone' | 'refused' | 'gone' | 'back' | 'lost';

/** Calls that Redis has counted already and that this gateway may admit by itself until `deadline`. */
export interface Lease {
  left: number;
  bucket: number;
  /** Monotonic. */
  deadline: number;
}

/** What this gateway knows of a window. */
export interface LocalWindow {
  readonly key: string;
  windowMs: number;
  quota: number;
  readonly tally: Tally;
  lease: Lease | null;
  /** As Redis last said, leases counted as used. */
  remaining: number;
  resetAt: number;
  answeredAt: number;
  askedAt: number;
  /** A question that may bring a lease is under way. */
  isTopping: boolean;
  /** Calls in questions under way. */
  asking: number;
  /** The most that this gateway may have counted in the window; set while Redis is gone or has just come back. */
  cap: number;
  /** Redis may not know what this gateway has counted: it must be told before it is asked. */
  mustMerge: boolean;
  /** Until it has been. */
  merging: Promise<void> | null;
}

/** What this gateway knows of the requests at once of a key. */
export interface LocalSlots {
  readonly key: string;
  limit: number;
  inUse: number;
  /** Counted for this gateway in Redis: in use, and lent to it idle. */
  held: number;
  /** Until then Redis keeps them for us; monotonic. */
  deadline: number;
  renewedAt: number;
  usedAt: number;
  /** Of all gateways, as Redis last said. */
  total: number;
  /** Idle ones may stay here: no more than half of the limit is used or lent. */
  isLendable: boolean;
  /** To be handed back. */
  surplus: number;
  isHandingBack: boolean;
  /** Questions under way that concern them: what Redis counts for us is not known until they are answered. */
  flights: number;
  /** Calls in them, and calls that were admitted and are about to take their slots. */
  asking: number;
  /** Slots that are not idle, because these will take them. */
  promised: number;
  cap: number;
  merging: Promise<void> | null;
}

/** A call that waits for Redis. */
export interface Waiter {
  resolve(admission: Admission): void;
  /** Idle slots of other gateways have been called back for it once. */
  isSecondTry: boolean;
}

export interface Lane {
  subject: Subject;
  waiting: Waiter[];
  isAsking: boolean;
  /** The last question met a Redis that had lost our calls. */
  wasLost: boolean;
}

export interface Settings {
  lapseMs: number;
  settleMs: number;
  askTimeoutMs: number;
}

/** All that the limiter remembers. */
export interface Limits {
  store: LimitStore;
  clock: Clock;
  log: LimiterLog;
  count(event: LimiterEvent): void;
  settings: Settings;
  isAlone: boolean;
  /** Redis was not there once. */
  hasMissed: boolean;
  /** Caps hold until then: gateways that come back later than others put their calls into Redis first. Monotonic. */
  settlesAt: number;
  /** Turns of putting back that are under way. */
  puttingBack: number;
  /** Those that share: never fewer than before, as long as caps hold, since some may not be back. */
  gateways: number;
  /** Those that Redis knows. */
  gatewaysHeard: number;
  /** When their number was last in the news. */
  gatewaysToldAt: number;
  time: RedisTime;
  windows: Map<string, LocalWindow>;
  slots: Map<string, LocalSlots>;
  views: Map<string, View>;
  /** Since when nothing was missed of the news; -Infinity once all that was said before was read, too. */
  hearingSince: number;
  /** What was said before this gateway listened is to be read. */
  mustLearn: boolean;
  /** Until it has been; another turn puts an end to it. */
  learning: object | null;
  /** Not before. */
  learnAt: number;
  /** What was known at the losses of Redis, or of its data, whose caps still hold. */
  before: readonly Known[];
  /** Infinity while news arrive. */
  deafSince: number;
  /** Infinity while Redis is there. */
  goneAt: number;
  lanes: Map<string, Lane>;
  flights: Set<{ sentAt: number; isLate: boolean; fail(): void }>;
  /** Windows that hold a lease, slots that hold anything: what upkeep must look at. */
  leased: Set<LocalWindow>;
  holding: Set<LocalSlots>;
  nextBeatAt: number;
  isBeating: boolean;
  nextSweepAt: number;
}

export function windowOf(limits: Limits, { key, windowMs, quota }: Window): LocalWindow {
  let window = limits.windows.get(key);
  if (!window) {
    window = {
      key,
      windowMs,
      quota,
      tally: createTally(),
      lease: null,
      remaining: quota,
      resetAt: 0,
      answeredAt: -Infinity,
      askedAt: -Infinity,
      isTopping: false,
      asking: 0,
      cap: isCapped(limits) ? capOfNew(limits, { key, quota, lifeMs: windowMs }) : Infinity,
      mustMerge: false,
      merging: null,
    };
    limits.windows.set(key, window);
  }
  window.quota = quota;
  return window;
}

export function slotsOf(limits: Limits, { key, limit }: Slots): LocalSlots {
  let slots = limits.slots.get(key);
  if (!slots) {
    const lifeMs = limits.settings.lapseMs;
    slots = {
      key,
      limit,
      inUse: 0,
      held: 0,
      deadline: -Infinity,
      renewedAt: -Infinity,
      usedAt: -Infinity,
      total: 0,
      isLendable: true,
      surplus: 0,
      isHandingBack: false,
      flights: 0,
      asking: 0,
      promised: 0,
      cap: isCapped(limits) ? capOfNew(limits, { key, quota: limit, lifeMs }) : Infinity,
      merging: null,
    };
    limits.slots.set(key, slots);
  }
  slots.limit = limit;
  return slots;
}

/** Redis is gone, or back so recently that others may not have put their calls into it yet. */
export const isCapped = (limits: Limits): boolean => limits.isAlone || limits.clock.nowMs() < limits.settlesAt;

export function hearGateways(limits: Limits, count: number): void {
  limits.gatewaysHeard = Math.max(1, count);
  limits.gateways = isCapped(limits) ? Math.max(limits.gateways, limits.gatewaysHeard) : limits.gatewaysHeard;
}

/** Notes what Redis' clock said in an answer to a question sent at `sentMs`. True when it was the first time ever. */
export function setTime(limits: Limits, redisMs: number, sentMs: number): boolean {
  const wasGuess = limits.time.isGuess;
  limits.time = { redisMs, sentMs, receivedMs: limits.clock.nowMs(), isGuess: false };
  return wasGuess;
}

import type { Admission, Slots, Subject, Window } from './admission.ts';
import { levels, shareOf, type RedisTime } from './rules.ts';
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

/** The least that was free, in tenths, by the latest news. */
interface View {
  level: number;
  told: number;
  heardAt: number;
  lifeMs: number;
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
  time: RedisTime;
  windows: Map<string, LocalWindow>;
  slots: Map<string, LocalSlots>;
  views: Map<string, View>;
  /** Since when nothing was missed of the news. */
  hearingSince: number;
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

const viewsAtMost = 100_000;

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
      cap: isCapped(limits) ? shareNow(limits, { key, quota, lifeMs: windowMs }) : Infinity,
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
      cap: isCapped(limits) ? shareNow(limits, { key, quota: limit, lifeMs }) : Infinity,
      merging: null,
    };
    limits.slots.set(key, slots);
  }
  slots.limit = limit;
  return slots;
}

/** Redis is gone, or back so recently that others may not have put their calls into it yet. */
export const isCapped = (limits: Limits): boolean => limits.isAlone || limits.clock.nowMs() < limits.settlesAt;

/** This gateway's share of what is free, should Redis be gone now. */
export function shareNow(
  limits: Limits,
  { key, quota, lifeMs }: { key: string; quota: number; lifeMs: number },
): number {
  return shareOf({ quota, level: levelOf(limits, key, lifeMs), gateways: limits.gateways });
}

/** Null: cannot be known. A key of which nothing was heard for long enough is unused. */
export function levelOf({ views, clock, hearingSince, goneAt }: Limits, key: string, lifeMs: number): number | null {
  // While Redis is gone nothing is said, so that silence means nothing: what held when it went, holds.
  const now = Math.min(clock.nowMs(), goneAt);
  const view = views.get(key);
  if (view && now - view.heardAt < 1.5 * view.lifeMs) return view.level;
  return now - hearingSince > 1.5 * lifeMs ? levels : null;
}

export function hearGateways(limits: Limits, count: number): void {
  limits.gatewaysHeard = Math.max(1, count);
  limits.gateways = isCapped(limits) ? Math.max(limits.gateways, limits.gatewaysHeard) : limits.gatewaysHeard;
}

/** Keeps the newest news of a key; `told` orders them. */
export function hear(limits: Limits, key: string, news: Omit<View, 'heardAt'>): void {
  const { views, clock } = limits;
  const known = views.get(key);
  // Without a subscription what is believed now could not be corrected; and a Redis that has just come back knows too little.
  // That less is free is believed from anybody: it may correct what was said a moment before.
  if (limits.deafSince !== Infinity || isCapped(limits)) {
    if (known) known.level = Math.min(known.level, news.level);
    return;
  }
  if (known && known.told > news.told) return;
  views.set(key, { ...news, heardAt: clock.nowMs() });
  if (views.size <= viewsAtMost) return;
  views.clear();
  limits.hearingSince = clock.nowMs();
}

/** News were missed. Until they are heard anew, keys that are in use may be used up, and silence says nothing. */
export function forgetNews(limits: Limits): void {
  const { windows, slots, views, settings } = limits;
  const heardAt = limits.clock.nowMs();
  for (const view of views.values()) {
    view.level = 0;
    view.told = 0;
  }
  for (const { key, tally, windowMs: lifeMs } of windows.values()) {
    if (tally.total > 0) views.set(key, { level: 0, told: 0, heardAt, lifeMs });
  }
  for (const { key, held, inUse } of slots.values()) {
    if (held > 0 || inUse > 0) views.set(key, { level: 0, told: 0, heardAt, lifeMs: settings.lapseMs });
  }
  limits.hearingSince = limits.deafSince === Infinity ? heardAt : Infinity;
}

/** Notes what Redis' clock said in an answer to a question sent at `sentMs`. True when it was the first time ever. */
export function setTime(limits: Limits, redisMs: number, sentMs: number): boolean {
  const wasGuess = limits.time.isGuess;
  limits.time = { redisMs, sentMs, receivedMs: limits.clock.nowMs(), isGuess: false };
  return wasGuess;
}

import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Admission, Subject } from './admission.ts';
import { admitAlone } from './alone.ts';
import { admitAsking, peek, topUp } from './asking.ts';
import { endLease, takeLeased } from './leases.ts';
import type { Clock, LimiterEvent, LimiterLog, Limits, Settings } from './local.ts';
import { returnIdle } from './slots.ts';
import { createRedisStore, type LimitStore, type StoreEvents } from './store.ts';
import { onHearing, onNews, tick } from './upkeep.ts';
import { goAlone } from './redis-gone.ts';

export interface LimiterOptions {
  /** Says where Redis is. The limiter makes two connections of its own like it and leaves this one alone. */
  redis: Redis;
  /** In front of every key and of the channel. */
  keyPrefix: string;
  /** For people who look into Redis; the limiter adds what makes it unique to this process. */
  gatewayId: string;
  log: LimiterLog;
  metrics?: { count(event: LimiterEvent): void };
  clock?: Clock;
  settings?: Partial<Settings>;
  /** Tests only: added to Redis' `TIME` inside the scripts, so that hours pass at once. */
  timeOffsetMs?: () => number;
}

export interface Limiter {
  /** Counts one call, or refuses it and counts nothing. Synchronous when leases cover it. */
  admit(subject: Subject): Admission | Promise<Admission>;
  /** Whether a call would be admitted by the windows. Counts nothing, takes no slot; synchronous while the windows are unused. */
  peek(subject: Subject): Admission | Promise<Admission>;
  /** Counts what has happened already, in the windows alone (a failed authentication). Refused: the windows were full. */
  count(subject: Subject): Admission | Promise<Admission>;
  /** True once quotas are served in full; false if Redis was not there within `timeoutMs` (shares are served all the same). */
  ready(timeoutMs?: number): Promise<boolean>;
  /** How it is, for readiness and metrics. */
  status(): { isAlone: boolean; isSettling: boolean; hasLearnt: boolean; gateways: number; windows: number };
  /** Hands everything back and disconnects. */
  close(): Promise<void>;
}

const tickEveryMs = 50;
const closeWithinMs = 500;

const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, work) => void setTimeout(work, ms),
};

/** The limits of one gateway process. See README.md beside this file for how it counts and what it promises. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { redis, keyPrefix, log, metrics, clock = systemClock, timeOffsetMs = () => 0 } = options;
  const settings = { lapseMs: 15_000, settleMs: 2_000, askTimeoutMs: 500, ...options.settings };
  const gatewayId = `${options.gatewayId}.${randomBytes(6).toString('hex')}`;
  const { limits, events } = createLimits({ clock, log, settings, count: (event) => metrics?.count(event) });
  limits.store = createRedisStore({ redis, keyPrefix, gatewayId, lapseMs: settings.lapseMs, timeOffsetMs, events });
  const timer = setInterval(() => tick(limits), tickEveryMs);
  return {
    ...limiterOf(limits),
    close: async () => {
      clearInterval(timer);
      await farewell(limits);
      limits.store.close();
    },
  };
}

/** A limiter's memory before it has met its store; until the first answer of the store it is alone. */
export function createLimits(parts: Pick<Limits, 'clock' | 'log' | 'settings' | 'count'>): {
  limits: Limits;
  events: StoreEvents;
} {
  const { clock } = parts;
  const now = clock.nowMs();
  const limits: Limits = {
    ...parts,
    store: undefined as unknown as LimitStore,
    isAlone: true,
    hasMissed: false,
    settlesAt: Infinity,
    puttingBack: 0,
    gateways: 1,
    gatewaysHeard: 1,
    gatewaysToldAt: -Infinity,
    time: { redisMs: clock.wallMs(), sentMs: now, receivedMs: now, isGuess: true },
    windows: new Map(),
    slots: new Map(),
    views: new Map(),
    hearingSince: Infinity,
    mustLearn: true,
    learning: null,
    learnAt: 0,
    before: [],
    deafSince: now,
    goneAt: now,
    lanes: new Map(),
    flights: new Set(),
    leased: new Set(),
    holding: new Set(),
    nextBeatAt: 0,
    isBeating: false,
    nextSweepAt: 0,
  };
  const events: StoreEvents = {
    onNews: (news) => onNews(limits, news),
    onGone: () => goAlone(limits, new Error('The connection to Redis is lost')),
    onHearing: (isHearing) => onHearing(limits, isHearing),
  };
  return { limits, events };
}

/** The limiter over what it remembers. */
export function limiterOf(limits: Limits): Omit<Limiter, 'close'> {
  const admit = (subject: Subject): Admission | Promise<Admission> => {
    const leased = takeLeased(limits, subject);
    if (!leased) return limits.isAlone ? admitAlone(limits, subject) : admitAsking(limits, subject);
    topUp(limits, subject);
    return leased;
  };
  const isSettling = () => limits.isAlone || limits.settlesAt !== -Infinity;
  return {
    admit,
    peek: (subject) => peek(limits, subject),
    count: ({ windows }) => admit({ windows, slots: null }),
    ready: async (timeoutMs = 5_000) => {
      const until = limits.clock.nowMs() + timeoutMs;
      while (isSettling() && limits.clock.nowMs() < until) {
        await new Promise<void>((resolve) => limits.clock.after(10, resolve));
      }
      return !isSettling();
    },
    status: () => ({
      isAlone: limits.isAlone,
      isSettling: isSettling(),
      hasLearnt: limits.hearingSince === -Infinity,
      gateways: limits.gateways,
      windows: limits.windows.size,
    }),
  };
}

/** What this gateway holds unused goes back, so that nobody waits for it to lapse. */
async function farewell(limits: Limits): Promise<void> {
  if (limits.isAlone) return;
  for (const window of limits.leased) endLease(limits, window);
  for (const slots of limits.holding) returnIdle(limits, slots);
  const bye = limits.store.beat(true).then(
    () => {},
    () => {},
  );
  await Promise.race([bye, new Promise<void>((resolve) => limits.clock.after(closeWithinMs, resolve))]);
}

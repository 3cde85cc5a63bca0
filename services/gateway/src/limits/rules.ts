/** A window is counted in buckets of 1 % of it. */
const bucketsPerWindow = 100;

/** What is free is told to other gateways in tenths, rounded down. Ten: nobody has called. The Lua text says it too. */
export const levels = 10;

export const leaseLifeMs = 1_000;

/** Every gateway that starts while Redis is gone takes this part of a quota; the others leave room for two of them. */
const newcomerPart = 100;
const newcomersProvidedFor = 2;

export const bucketMsOf = (windowMs: number): number => Math.max(1, Math.ceil(windowMs / bucketsPerWindow));

export const bucketAt = (atMs: number, windowMs: number): number => Math.floor(atMs / bucketMsOf(windowMs));

/** The oldest bucket that still counts: a bucket counts until its last instant is more than a window ago. */
export const firstCounted = (nowMs: number, windowMs: number): number =>
  Math.floor((nowMs - windowMs) / bucketMsOf(windowMs));

/** The instant from which a bucket no longer counts. */
export const leavesAt = (bucket: number, windowMs: number): number => (bucket + 1) * bucketMsOf(windowMs) + windowMs;

/** Calls that a gateway may hold ahead: 0.25 % of the quota. */
export const leaseSizeOf = (quota: number): number => Math.floor(quota / 400);

/** Whole seconds, at least one. */
export const secondsUntil = (atMs: number, nowMs: number): number => Math.max(1, Math.ceil((atMs - nowMs) / 1_000));

/** At least one call. Neither the gateway nor anybody else can know whether it is free. */
export const newcomerShareOf = (quota: number): number => Math.max(1, Math.floor(quota / newcomerPart));

/**
 * What one gateway may still admit by itself once Redis is gone: its part of the least that can have been free. The level that any
 * gateway knows is never above the true one, and it knows all the others; so if two newcomers' shares were free, all shares and these two
 * fit into what was. If not, all shares are 0, and only newcomers can pass the quota.
 */
export function shareOf({ quota, level, gateways }: { quota: number; level: number; gateways: number }): number {
  const free = Math.floor((level * quota) / levels) - newcomersProvidedFor * newcomerShareOf(quota);
  return Math.max(0, Math.floor(free / Math.max(1, gateways)));
}

/** One answer of Redis: its clock said `redisMs` at some instant between `sentMs` and `receivedMs` of our monotonic clock. */
export interface RedisTime {
  redisMs: number;
  sentMs: number;
  receivedMs: number;
  /** No answer yet: taken from the wall clock until there is one. */
  isGuess: boolean;
}

/** Two clocks drift apart by less than this in a second, well above the 100 ppm of bad hardware. */
const driftPerMs = 0.000_5;

/** The latest that Redis' clock can show now: calls admitted without Redis are counted then. */
export const latest = ({ redisMs, sentMs }: RedisTime, nowMs: number): number =>
  redisMs + 1 + (nowMs - sentMs) * (1 + driftPerMs);

/** The earliest that it can show now: calls leave the window by this one. */
export const earliest = ({ redisMs, receivedMs }: RedisTime, nowMs: number): number =>
  redisMs + (nowMs - receivedMs) * (1 - driftPerMs);

import type { Limits } from './local.ts';
import { levels, newcomerShareOf, shareOf } from './rules.ts';

/** The least that was free, in tenths, by the latest news. */
export interface View {
  level: number;
  told: number;
  heardAt: number;
  lifeMs: number;
}

/** What is known at an instant of all that is free. */
export interface Known {
  views: ReadonlyMap<string, View>;
  /** Since when nothing was missed of the news; -Infinity once all that was said before was read, too. */
  hearingSince: number;
  /** Monotonic. */
  at: number;
  /** Redis was never met: nothing could be known. */
  isNewcomer: boolean;
}

interface Asked {
  key: string;
  quota: number;
  lifeMs: number;
}

const viewsAtMost = 100_000;
const learnAgainMs = 10_000;

/** So many losses of Redis in a row are told apart; beyond that nothing is believed. */
const lossesAtMost = 4;

/** What is known now; while Redis is gone, when it went: nothing is said then, so that silence means nothing. */
export const knownNow = ({ views, hearingSince, clock, goneAt, time }: Limits): Known => ({
  views,
  hearingSince,
  at: Math.min(clock.nowMs(), goneAt),
  isNewcomer: time.isGuess,
});

/** Null: cannot be known. A key of which nothing was heard for long enough is unused. */
export function levelOf({ views, hearingSince, at }: Known, key: string, lifeMs: number): number | null {
  const view = views.get(key);
  if (view && at - view.heardAt < 1.5 * view.lifeMs) return view.level;
  return at - hearingSince > 1.5 * lifeMs ? levels : null;
}

/** What is not known to be free may be used up; but nobody who never met Redis would serve anybody, if that held for him. */
function shareBy(known: Known, gateways: number, { key, quota, lifeMs }: Asked): number {
  return known.isNewcomer
    ? newcomerShareOf(quota)
    : shareOf({ quota, level: levelOf(known, key, lifeMs) ?? 0, gateways });
}

/** This gateway's share of what is free, should Redis be gone now. What was known at losses whose caps still hold bounds it. */
export function shareNow(limits: Limits, asked: Asked): number {
  return leastShare(limits, [...limits.before, knownNow(limits)], asked);
}

/**
 * The cap of what is called for the first time while caps hold. When Redis is back already it is what it would have been while it
 * was gone; that Redis must admit each call, too.
 */
export function capOfNew(limits: Limits, asked: Asked): number {
  const { before, isAlone } = limits;
  return isAlone || before.length === 0 ? shareNow(limits, asked) : leastShare(limits, before, asked);
}

const leastShare = ({ gateways }: Limits, all: readonly Known[], asked: Asked): number =>
  all.reduce((least, known) => Math.min(least, shareBy(known, gateways, asked)), Infinity);

/** From here caps hold by what is known now, whatever is heard until they are lifted. */
export function keepKnown(limits: Limits, known: Known): void {
  const isTooMuch = limits.before.length >= lossesAtMost;
  limits.before = isTooMuch ? [{ ...known, views: new Map(), hearingSince: Infinity }] : [...limits.before, known];
}

/** Keeps the newest news of a key; `told` orders them. */
export function hear(limits: Limits, key: string, news: Omit<View, 'heardAt'>): void {
  const { views, clock } = limits;
  // Without a subscription what is believed now could not be corrected.
  if (limits.deafSince !== Infinity || limits.isAlone) {
    hearLess(limits, key, news);
    return;
  }
  const known = views.get(key);
  if (known && known.told > news.told) return;
  views.set(key, { ...news, heardAt: clock.nowMs() });
  if (views.size <= viewsAtMost) return;
  views.clear();
  limits.hearingSince = clock.nowMs();
  limits.learning = null;
  limits.mustLearn = false;
}

/** The last news of a Redis that has died may be read after the loss of the connection on which it is asked. */
function hearLess(limits: Limits, key: string, { level, told, lifeMs }: Omit<View, 'heardAt'>): void {
  const { views, clock, windows, slots, isAlone } = limits;
  const believed = levelOf(knownNow(limits), key, lifeMs);
  if (believed === null || believed <= level) return;
  views.set(key, { level, told: Math.max(told, views.get(key)?.told ?? 0), lifeMs, heardAt: clock.nowMs() });
  if (!isAlone) return;
  const window = windows.get(key);
  if (window) {
    const share = shareNow(limits, { key, quota: window.quota, lifeMs });
    window.cap = Math.min(window.cap, window.tally.total + share);
  }
  const held = slots.get(key);
  if (held) held.cap = Math.min(held.cap, held.held + shareNow(limits, { key, quota: held.limit, lifeMs }));
}

/** News were missed. Until Redis has told how everything stands, nothing is known to be free. */
export function forgetNews(limits: Limits): void {
  limits.views = new Map();
  limits.hearingSince = limits.deafSince === Infinity ? limits.clock.nowMs() : Infinity;
  limits.learning = null;
  limits.mustLearn = true;
}

/** Whether to read what was said before this gateway listened. */
export const mayLearn = ({ mustLearn, learning, isAlone, deafSince, learnAt }: Limits, now: number): boolean =>
  mustLearn && learning === null && !isAlone && deafSince === Infinity && now >= learnAt;

/**
 * Reads from Redis how everything stands that is in use: what was said before this gateway listened. Whatever it has said since
 * is heard beside, and is newer. Should Redis refuse, silence is believed after 1.5 windows instead.
 */
export async function learn(limits: Limits): Promise<void> {
  const turn = {};
  const isOver = () => limits.learning !== turn || limits.isAlone || limits.deafSince !== Infinity;
  limits.learning = turn;
  try {
    let cursor = '0';
    do {
      const page = await limits.store.levels(cursor);
      for (const { key, ...news } of page.levels) if (!isOver()) hear(limits, key, news);
      cursor = page.cursor;
    } while (cursor !== '0' && !isOver());
    if (isOver()) return;
    limits.hearingSince = -Infinity;
    limits.mustLearn = false;
  } catch (err) {
    if (isOver()) return;
    limits.learnAt = limits.clock.nowMs() + learnAgainMs;
    limits.log.warn({ err }, 'Redis does not tell how the limits stand');
  } finally {
    if (limits.learning === turn) limits.learning = null;
  }
}

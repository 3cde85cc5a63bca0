import type { Subject } from './admission.ts';
import { forgetNews, hear, keepKnown, knownNow, shareNow } from './levels.ts';
import { hearGateways, setTime, type Limits, type LocalWindow } from './local.ts';
import { send } from './redis-gone.ts';
import { earliest } from './rules.ts';
import { hold } from './slots.ts';
import type { Beat } from './store.ts';
import { retime, slide } from './tally-rules.ts';

/** A sign of life to Redis. The one that is answered while this gateway is alone brings it back. */
export async function beat(limits: Limits): Promise<void> {
  const sentMs = limits.clock.nowMs();
  limits.isBeating = true;
  const answer = await send(limits, () => limits.store.beat());
  limits.isBeating = false;
  if (!answer) return;
  // News that came meanwhile may be newer: each change is told.
  if (limits.gatewaysToldAt < sentMs) hearGateways(limits, answer.gateways);
  const isFirst = setTime(limits, answer.now, sentMs);
  if (limits.isAlone) comeBack(limits, answer, isFirst);
  // It has forgotten us: it lost its data without losing the connection, or this process slept.
  else if (answer.isNew) await putBack(limits);
}

/**
 * Redis is there again, with or without its data. What this gateway counted goes into it before anything is asked, and the
 * caps hold for a while beside what Redis says, until the others have put theirs.
 */
function comeBack(limits: Limits, { now, registerAgeMs, late }: Beat, isFirst: boolean): void {
  const { settleMs } = limits.settings;
  keepKnown(limits, { ...knownNow(limits), isNewcomer: isFirst });
  limits.isAlone = false;
  limits.goneAt = Infinity;
  // One that has just started waits only if others may be on their way back.
  const isCalm = isFirst && !limits.hasMissed && late === 0 && registerAgeMs >= settleMs;
  limits.settlesAt = limits.clock.nowMs() + (isCalm ? 0 : settleMs);
  forgetNews(limits);
  if (isFirst) for (const { tally, windowMs } of limits.windows.values()) retime(tally, now, windowMs);
  limits.count('back');
  limits.log.info({ gateways: limits.gateways, windows: limits.windows.size }, 'Redis is there');
  void putBack(limits);
}

/** Windows and slots that are put back at a time, so that Redis answers others in between. */
const atATime = 100;

/**
 * Puts all that this gateway has counted and holds into Redis. A window that is called before its turn comes has it at once
 * (`mergesOf`).
 */
export async function putBack(limits: Limits): Promise<void> {
  const windows = [...limits.windows.values()];
  for (const window of windows) window.mustMerge = true;
  for (const slots of limits.slots.values()) {
    if ((slots.held > 0 || slots.inUse > 0) && slots.flights === 0) hold(limits, slots);
  }
  limits.puttingBack++;
  for (let at = 0; at < windows.length && !limits.isAlone; at += atATime) {
    await Promise.all(windows.slice(at, at + atATime).map((window) => window.mustMerge && mergeWindow(limits, window)));
  }
  limits.puttingBack--;
}

/** What must be in Redis before it can be asked about a subject. */
export function mergesOf(limits: Limits, subject: Subject): Promise<void>[] {
  const merges: Promise<void>[] = [];
  for (const asked of subject.windows) {
    const window = asked.isCounted === false ? undefined : limits.windows.get(asked.key);
    if (window?.mustMerge && !limits.isAlone) void mergeWindow(limits, window);
    if (window?.merging) merges.push(window.merging);
  }
  const slots = subject.slots && limits.slots.get(subject.slots.key);
  if (slots?.merging) merges.push(slots.merging);
  return merges;
}

/** Redis has lost something: for a while what it says of what is free is true only as far as everybody has put his calls back. */
export function distrust(limits: Limits): void {
  const now = limits.clock.nowMs();
  if (limits.before.length === 0) keepKnown(limits, { ...knownNow(limits), views: new Map(limits.views) });
  limits.settlesAt = Math.max(limits.settlesAt, now + limits.settings.settleMs);
}

/** Makes Redis count for this gateway what its tally says. Until others have done the same, a cap holds. */
export function mergeWindow(limits: Limits, window: LocalWindow): Promise<void> | null {
  const { key, windowMs, quota, tally } = window;
  // An answer that is under way would be undone; it will say by itself if the window was lost.
  if (window.merging || window.asking > 0 || window.isTopping) return window.merging;
  window.mustMerge = false;
  const sentMs = limits.clock.nowMs();
  slide(tally, earliest(limits.time, sentMs), windowMs);
  // Redis can have nothing of it that is not so.
  if (tally.total === 0 && window.askedAt === -Infinity) return null;
  if (window.cap === Infinity) {
    limits.count('lost');
    distrust(limits);
    window.cap = tally.total + shareNow(limits, { key, quota, lifeMs: windowMs });
  }
  const rows = tally.rows.map((row) => ({ ...row }));
  window.merging = send(limits, () => limits.store.merge({ key, windowMs, quota, rows })).then((answer) => {
    window.merging = null;
    if (!answer) return;
    setTime(limits, answer.now, sentMs);
    window.remaining = quota - answer.used;
    window.resetAt = answer.resetAt;
    hear(limits, key, { level: answer.level, told: answer.told, lifeMs: windowMs });
  });
  return window.merging;
}

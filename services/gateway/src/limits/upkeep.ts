import { endLease } from './leases.ts';
import { forgetNews, hear, learn, mayLearn } from './levels.ts';
import { hearGateways, type Limits } from './local.ts';
import { beat, distrust, mergeWindow } from './redis-back.ts';
import { goAlone } from './redis-gone.ts';
import { earliest, levels } from './rules.ts';
import { renew, returnIdle } from './slots.ts';
import { beatEveryMs, type News } from './store.ts';
import { slide } from './tally-rules.ts';

const idleSlotMs = 1_000;
const deafForMs = 1_000;
const sweepEveryMs = 10_000;

/** What has to be done as time passes; called some twenty times a second. */
export function tick(limits: Limits): void {
  const now = limits.clock.nowMs();
  failLate(limits, now);
  if (!limits.isAlone && now >= limits.settlesAt && limits.puttingBack === 0) uncap(limits);
  for (const window of limits.leased) if (window.lease && now >= window.lease.deadline) endLease(limits, window);
  if (!limits.isAlone) keepSlots(limits, now);
  if (limits.store.isReady() && !limits.isBeating && (limits.isAlone || now >= limits.nextBeatAt)) {
    limits.nextBeatAt = now + beatEveryMs;
    void beat(limits);
  }
  // When Redis goes, the news go with it, and what they said last is what holds; alone, they were only missed.
  if (!limits.isAlone && now - limits.deafSince > deafForMs && limits.hearingSince < Infinity) forgetNews(limits);
  if (mayLearn(limits, now)) void learn(limits);
  if (now >= limits.nextSweepAt) {
    limits.nextSweepAt = now + sweepEveryMs;
    sweep(limits, now);
  }
}

/** The second time that it is late: after a pause of this process the answer may just not have been read yet. */
function failLate(limits: Limits, now: number): void {
  for (const flight of limits.flights) {
    if (now - flight.sentAt <= limits.settings.askTimeoutMs) continue;
    if (flight.isLate) return goAlone(limits, new Error('Redis does not answer'));
    flight.isLate = true;
  }
}

function uncap(limits: Limits): void {
  if (limits.settlesAt === -Infinity) return;
  limits.settlesAt = -Infinity;
  limits.gateways = limits.gatewaysHeard;
  limits.before = [];
  for (const window of limits.windows.values()) window.cap = Infinity;
  for (const slots of limits.slots.values()) slots.cap = Infinity;
}

function keepSlots(limits: Limits, now: number): void {
  for (const slots of limits.holding) {
    if (now - slots.usedAt > idleSlotMs) returnIdle(limits, slots);
    if (slots.held === 0 && slots.inUse === 0) limits.holding.delete(slots);
    else if (now - slots.renewedAt >= limits.settings.lapseMs / 3 && !slots.isHandingBack) void renew(limits, slots);
  }
}

/** Forgets what has nothing to say any more. */
function sweep(limits: Limits, now: number): void {
  const { windows, slots, views, time } = limits;
  for (const window of windows.values()) {
    slide(window.tally, earliest(time, now), window.windowMs);
    const { lease, asking, isTopping, merging, cap } = window;
    const isBusy = lease !== null || asking > 0 || isTopping || merging !== null || cap !== Infinity;
    if (window.tally.total === 0 && !isBusy) windows.delete(window.key);
  }
  for (const { key, held, inUse, flights, surplus, merging } of slots.values()) {
    if (held === 0 && inUse === 0 && flights === 0 && surplus === 0 && merging === null) slots.delete(key);
  }
  if (limits.isAlone) return;
  for (const [key, { heardAt, lifeMs }] of views) if (now - heardAt > 1.5 * lifeMs) views.delete(key);
}

/** What another gateway has said, or Redis for it. */
export function onNews(limits: Limits, news: News): void {
  switch (news.kind) {
    case 'gateways':
      limits.gatewaysToldAt = limits.clock.nowMs();
      hearGateways(limits, news.count);
      return;
    case 'level':
      hear(limits, news.key, news);
      // More than half of the slots are taken: nobody keeps idle ones.
      if (news.level < levels / 2) giveUpIdle(limits, news.key);
      return;
    case 'reclaim':
      giveUpIdle(limits, news.key);
      return;
    case 'lost': {
      if (limits.isAlone) return;
      const window = limits.windows.get(news.key);
      if (!window) distrust(limits);
      else if (window.cap === Infinity) void mergeWindow(limits, window);
    }
  }
}

function giveUpIdle(limits: Limits, key: string): void {
  const slots = limits.slots.get(key);
  if (!slots || limits.isAlone) return;
  slots.isLendable = false;
  returnIdle(limits, slots);
}

/** The subscription has begun or ended. */
export function onHearing(limits: Limits, isHearing: boolean): void {
  const now = limits.clock.nowMs();
  if (!isHearing) {
    if (limits.deafSince === Infinity) limits.deafSince = now;
    return;
  }
  limits.deafSince = Infinity;
  if (!limits.isAlone) forgetNews(limits);
}

/**
 * What the Lua of src/limits/scripts.ts does, in TypeScript, so that unit tests can run hours of limits without Redis.
 * limits-scripts.int.test.ts holds the two against each other.
 */
import { bucketMsOf, firstCounted, leavesAt, levels } from '../src/limits/rules.ts';
import { lateAfterMs } from '../src/limits/store.ts';
import type {
  Answer,
  Beat,
  LevelsPage,
  LimitStore,
  News,
  Question,
  SlotsQuestion,
  WindowAnswer,
} from '../src/limits/store.ts';

interface Told {
  key: string;
  level: number;
  told: number;
  lifeMs: number;
  expiresAt: number;
}

interface WindowHash extends Told {
  buckets: Map<number, number>;
  own: Map<string, Map<number, number>>;
  first: number;
  last: number;
}

interface SlotsHash extends Told {
  reclaimed: number;
  held: Map<string, { count: number; until: number }>;
}

export interface ModelRedis {
  nowMs(): number;
  publish(news: News): void;
  windows: Map<string, WindowHash>;
  slots: Map<string, SlotsHash>;
  register: Map<string, number>;
  registerSince: number | null;
  /** False: keys stay for ever, as they do in a real Redis whose time is moved by an offset. */
  isExpiring: boolean;
}

export const createModelRedis = (nowMs: () => number, publish: (news: News) => void): ModelRedis => ({
  nowMs,
  publish,
  windows: new Map(),
  slots: new Map(),
  register: new Map(),
  registerSince: null,
  isExpiring: true,
});

export function loseData(model: ModelRedis): void {
  model.windows.clear();
  model.slots.clear();
  model.register.clear();
  model.registerSince = null;
}

const sum = (counts: Iterable<number>): number => Iterator.from(counts).reduce((a, b) => a + b, 0);

function tell(
  model: ModelRedis,
  it: Told,
  { now, free, limit, lifeMs }: { now: number; free: number; limit: number; lifeMs: number },
) {
  const level = Math.floor((Math.max(0, free) * levels) / Math.max(1, limit));
  if (level < it.level || now - it.told > lifeMs / 4) {
    it.told = Math.max(now, it.told + 1);
    it.level = level;
    model.publish({ kind: 'level', key: it.key, level, told: it.told, lifeMs });
  } else if (level > it.level && now - it.told > 1_000) it.level = level;
}

function open(model: ModelRedis, key: string, { windowMs, quota }: { windowMs: number; quota: number }) {
  const width = bucketMsOf(windowMs);
  const hash: WindowHash = model.windows.get(key) ?? {
    key,
    level: levels,
    told: 0,
    lifeMs: windowMs,
    expiresAt: 0,
    buckets: new Map(),
    own: new Map(),
    first: 0,
    last: 0,
  };
  const now = Math.max(Math.floor(model.nowMs()), hash.last * width);
  const bucket = Math.floor(now / width);
  const oldest = firstCounted(now, windowMs);
  for (const at of [...hash.buckets.keys()]) if (at < oldest) hash.buckets.delete(at);
  const used = () => sum(hash.buckets.values());
  const filled = () => [...hash.buckets].filter(([, count]) => count > 0).map(([at]) => at);
  return {
    hash,
    now,
    bucket,
    oldest,
    quota,
    used,
    resetAt: () => (used() <= 0 ? now : leavesAt(Math.min(bucket, ...filled()), windowMs)),
    endOfBucket: (bucket + 1) * width,
    charge: (gateway: string, at: number, count: number) => {
      const own = hash.own.get(gateway) ?? new Map<number, number>();
      hash.own.set(gateway, own.set(at, (own.get(at) ?? 0) + count));
      hash.buckets.set(at, (hash.buckets.get(at) ?? 0) + count);
    },
    close: () => {
      tell(model, hash, { now, free: quota - used(), limit: quota, lifeMs: windowMs });
      hash.last = bucket;
      hash.lifeMs = windowMs;
      hash.expiresAt = model.nowMs() + windowMs + 5 * width + 10_000;
      model.windows.set(key, hash);
    },
  };
}

const newSlots = (key: string): SlotsHash => {
  return { key, level: levels, told: 0, lifeMs: 0, expiresAt: 0, reclaimed: 0, held: new Map() };
};

function openSlots(model: ModelRedis, key: string, gateway: string) {
  const hash: SlotsHash = model.slots.get(key) ?? newSlots(key);
  const now = Math.floor(model.nowMs());
  for (const [name, { until }] of hash.held) if (until <= now) hash.held.delete(name);
  const mine = hash.held.get(gateway)?.count ?? 0;
  const others = sum([...hash.held.values()].map(({ count }) => count)) - mine;
  return {
    hash,
    now,
    others,
    mine,
    close: (count: number, limit: number, lapseMs: number) => {
      tell(model, hash, { now, free: limit - others - count, limit, lifeMs: lapseMs });
      if (count > 0) hash.held.set(gateway, { count, until: now + lapseMs });
      else hash.held.delete(gateway);
      hash.lifeMs = lapseMs;
      hash.expiresAt = model.nowMs() + 2 * lapseMs;
      model.slots.set(key, hash);
    },
  };
}

function ask(
  model: ModelRedis,
  gateway: string,
  { calls, windows, slots, lapseMs }: Question & { lapseMs: number },
): Answer | 'lost' {
  if (windows.some(({ key, isOnRecord }) => isOnRecord && !model.windows.get(key)?.own.has(gateway))) return 'lost';
  const opened = windows.map((window) => open(model, window.key, window));
  let room = opened.reduce((least, { quota, used }) => Math.min(least, Math.max(0, quota - used())), calls);
  const before = slots && roomInSlots(model, gateway, { slots, room });
  if (before) room = Math.min(room, before.free);
  const answers = opened.map((it, n): WindowAnswer => {
    const { wanted } = windows[n]!;
    const free = it.quota - it.used() - room;
    const kept = Math.floor(it.quota / 50);
    let leased = 0;
    let lifeMs = 0;
    if (room === calls && wanted > 0 && free > kept) {
      lifeMs = Math.min(1_000, it.endOfBucket - it.now) - 2;
      if (lifeMs >= 20) leased = Math.min(wanted, free - kept);
    }
    if (room + leased > 0) {
      it.charge(gateway, it.bucket, room + leased);
      it.close();
    }
    const { level, told } = it.hash;
    return { used: it.used(), resetAt: it.resetAt(), leased, lifeMs, bucket: it.bucket, level, told };
  });
  return {
    now: Math.floor(model.nowMs()),
    admitted: room,
    windows: answers,
    slots: slots && before && takeSlots(slots, before, { calls, room, lapseMs }),
  };
}

function roomInSlots(model: ModelRedis, gateway: string, { slots, room }: { slots: SlotsQuestion; room: number }) {
  const it = openSlots(model, slots.key, gateway);
  const mine = Math.max(0, it.mine - slots.back);
  const free = Math.max(0, slots.limit - it.others - mine + Math.min(slots.own, mine));
  const isReclaiming = free < room && it.others > 0 && it.now - it.hash.reclaimed > 1_000;
  if (isReclaiming) {
    it.hash.reclaimed = it.now;
    model.publish({ kind: 'reclaim', key: slots.key });
  }
  return { it, mine, free, isReclaiming };
}

function takeSlots(
  { limit, own, wanted }: SlotsQuestion,
  { it, mine, isReclaiming }: ReturnType<typeof roomInSlots>,
  { calls, room, lapseMs }: { calls: number; room: number; lapseMs: number },
) {
  const half = Math.floor(limit / 2);
  const taken = Math.max(0, room - own);
  const total = it.others + mine + taken;
  const lent = room === calls && wanted > 0 && total < half ? Math.min(wanted, half - total) : 0;
  it.close(mine + taken + lent, limit, lapseMs);
  const { level, told } = it.hash;
  return { total: total + lent, taken, lent, mine: mine + taken + lent, level, told, isReclaiming };
}

function beat(
  model: ModelRedis,
  gateway: string,
  { lapseMs, isLeaving }: { lapseMs: number; isLeaving: boolean },
): Beat {
  const now = Math.floor(model.nowMs());
  const before = model.register.size;
  model.registerSince ??= now;
  const isNew = !isLeaving && !model.register.has(gateway);
  if (isLeaving) model.register.delete(gateway);
  else model.register.set(gateway, now);
  for (const [name, at] of model.register) if (at <= now - lapseMs) model.register.delete(name);
  const gateways = model.register.size;
  const late = [...model.register.values()].filter((at) => at <= now - lateAfterMs).length;
  if (gateways !== before) model.publish({ kind: 'gateways', count: gateways });
  return { now, gateways, registerAgeMs: now - model.registerSince, isNew, late };
}

/** Two at a time, so that a reader meets what changes between its pages. */
const keysPerPage = 2;

function levelsFrom(model: ModelRedis, cursor: string): LevelsPage {
  const all: Told[] = [...model.windows.values(), ...model.slots.values()];
  const from = Number(cursor);
  const to = from + keysPerPage;
  return {
    cursor: to < all.length ? String(to) : '0',
    levels: all
      .slice(from, to)
      .filter(({ level, expiresAt }) => level < levels && !(model.isExpiring && expiresAt <= model.nowMs()))
      .map(({ key, level, told, lifeMs }) => ({ key, level, told, lifeMs })),
  };
}

/** What Redis counts as used in a window now. */
export const usedOf = (model: ModelRedis, window: { key: string; windowMs: number; quota: number }): number =>
  open(model, window.key, window).used();

/** The model behind the limiter's door. `run` decides when, and whether, something happens. */
export function createModelStore(
  model: ModelRedis,
  {
    gateway,
    lapseMs,
    isReady,
    run,
  }: { gateway: string; lapseMs: number; isReady(): boolean; run<T>(work: () => T): Promise<T> },
): LimitStore {
  return {
    ask: (question) => run(() => ask(model, gateway, { ...question, lapseMs })),
    giveBack: (window, bucket, count) =>
      run(() => {
        const it = open(model, window.key, window);
        if (bucket >= it.oldest && (it.hash.own.get(gateway)?.get(bucket) ?? 0) >= count) {
          it.charge(gateway, bucket, -count);
          it.close();
        }
        return { now: it.now };
      }),
    merge: (window) =>
      run(() => {
        const wasLost = !model.windows.get(window.key)?.own.has(gateway) && window.rows.length > 0;
        const it = open(model, window.key, window);
        const had = new Map(it.hash.own.get(gateway));
        it.hash.own.set(gateway, it.hash.own.get(gateway) ?? new Map());
        for (const { bucket, count } of window.rows) {
          if (bucket >= it.oldest) it.charge(gateway, bucket, count - (had.get(bucket) ?? 0));
          had.delete(bucket);
        }
        for (const [bucket, count] of had) if (bucket >= it.oldest) it.charge(gateway, bucket, -count);
        if (wasLost) model.publish({ kind: 'lost', key: window.key });
        it.close();
        const { level, told } = it.hash;
        return { now: it.now, used: it.used(), resetAt: it.resetAt(), level, told };
      }),
    hold: ({ key, limit, count }) =>
      run(() => {
        const it = openSlots(model, key, gateway);
        it.close(count, limit, lapseMs);
        return { now: it.now, total: it.others + count, level: it.hash.level, told: it.hash.told };
      }),
    beat: (isLeaving = false) => run(() => beat(model, gateway, { lapseMs, isLeaving })),
    levels: (cursor) => run(() => levelsFrom(model, cursor)),
    isReady,
    close: () => {},
  };
}

/** Gateways, one Redis (the model) and hours of calls under a simulated clock. */
import type { Admission, Subject } from '../src/limits/admission.ts';
import { createLimits, limiterOf, type Limiter } from '../src/limits/limiter.ts';
import type { LimiterEvent, Limits } from '../src/limits/local.ts';
import type { StoreEvents } from '../src/limits/store.ts';
import { tick } from '../src/limits/upkeep.ts';
import { createModelRedis, createModelStore, loseData, type ModelRedis } from './limits-model.ts';

export interface SimGateway {
  name: string;
  limits: Limits;
  limiter: Omit<Limiter, 'close'>;
  events: StoreEvents;
  isAlive: boolean;
  /** It does not reach Redis, although others may. */
  isCutOff: boolean;
  /** Requests that hold a slot. */
  inUse: number;
  counted: Map<LimiterEvent, number>;
  /** When the last of its questions reaches Redis: they do not overtake each other. */
  lastAt: number;
}

export interface World {
  /** True time in milliseconds since the start. */
  now: number;
  isUp: boolean;
  model: ModelRedis;
  gateways: SimGateway[];
  /** Instants of admission, ascending: when Redis or the gateway decided. */
  admissions: number[];
  bySubject: Map<Subject, number[]>;
  refusals: number[];
  mostInUse: number;
  queue: { at: number; order: number; run(): void }[];
  order: number;
  latencyMs(): number;
}

/** The beginning of an hour, and so of a bucket of every window. */
const startOfTime = 472_222 * 3_600_000;

export function createWorld(latencyMs: () => number = () => 0.5): World {
  const world = {
    now: 0,
    isUp: true,
    gateways: [],
    admissions: [],
    bySubject: new Map(),
    refusals: [],
    mostInUse: 0,
    queue: [],
    order: 0,
    latencyMs,
  } as unknown as World;
  world.model = createModelRedis(
    () => startOfTime + world.now,
    (news) => {
      for (const { isAlive, events } of world.gateways) if (isAlive) events.onNews(news);
    },
  );
  return world;
}

/** Gateways whose clocks differ, after they have met Redis and each other. Ways to Redis take from 0.1 to 10 ms. */
export async function worldOf({
  gateways,
  isUp = true,
  seed = 1,
}: {
  gateways: number;
  isUp?: boolean;
  seed?: number;
}): Promise<World> {
  let state = seed;
  const world = createWorld(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return 0.1 + ((state >>> 8) % 1_000) ** 2 / 100_000;
  });
  world.isUp = isUp;
  for (let n = 0; n < gateways; n++) startGateway(world, { skewMs: n * 777_777, drift: (n - 1) * 1e-4 });
  await pass(world, 5_000);
  return world;
}

/** Calls, in turn of each subject, spread over all gateways and over time. */
export async function burst(
  world: World,
  subjects: Subject | readonly Subject[],
  { calls, overMs }: { calls: number; overMs: number },
): Promise<void> {
  const alive = world.gateways.filter(({ isAlive }) => isAlive);
  for (let n = 0; n < calls; n++) {
    const subject = 'windows' in subjects ? subjects : subjects[Math.floor(n / alive.length) % subjects.length]!;
    call(world, alive[n % alive.length]!, { subject });
    if (overMs > 0) await pass(world, overMs / calls);
  }
  await pass(world, 100);
}

export const admissionsOf = (world: World, lastMs: number): number =>
  world.admissions.filter((at) => at > world.now - lastMs).length;

/** Instants lie on a grid of half milliseconds, so that many things happen at once. */
export function later(world: World, ms: number, run: () => void): void {
  const entry = { at: Math.ceil((world.now + ms) * 2) / 2, order: world.order++, run };
  const { queue } = world;
  let at = queue.length;
  while (at > 0 && queue[at - 1]!.at > entry.at) at--;
  queue.splice(at, 0, entry);
}

/** Lets time pass. After each instant all promises settle before the clock moves on. */
export async function pass(world: World, ms: number): Promise<void> {
  const until = world.now + ms;
  for (;;) {
    for (let turn = 0; turn < 30; turn++) await null;
    const next = world.queue[0];
    if (!next || next.at > until) break;
    world.now = next.at;
    // What happens at one instant is read from the sockets in one go: all of it, before any promise goes on.
    while (world.queue[0]?.at === next.at) world.queue.shift()!.run();
  }
  world.now = until;
}

/** A gateway whose clock starts anywhere and runs a little fast or slow. */
export function startGateway(world: World, { skewMs = 0, drift = 0, settleMs = 2_000 } = {}): SimGateway {
  const name = `g${world.gateways.length}`;
  const counted = new Map<LimiterEvent, number>();
  const { limits, events } = createLimits({
    clock: {
      nowMs: () => skewMs + world.now * (1 + drift),
      wallMs: () => startOfTime + world.now + skewMs,
      after: (ms, run) => later(world, ms, run),
    },
    log: { info: () => {}, warn: () => {} },
    settings: { lapseMs: 15_000, settleMs, askTimeoutMs: 500 },
    count: (event) => counted.set(event, (counted.get(event) ?? 0) + 1),
  });
  const gateway: SimGateway = {
    name,
    limits,
    limiter: limiterOf(limits),
    events,
    isAlive: true,
    isCutOff: false,
    inUse: 0,
    counted,
    lastAt: 0,
  };
  limits.store = createModelStore(world.model, {
    gateway: name,
    lapseMs: 15_000,
    isReady: () => world.isUp && !gateway.isCutOff,
    run: (work) => runLater(world, gateway, work),
  });
  world.gateways.push(gateway);
  if (world.isUp) events.onHearing(true);
  else events.onGone();
  const upkeep = () => {
    if (!gateway.isAlive) return;
    tick(limits);
    later(world, tickMsOf(limits), upkeep);
  };
  upkeep();
  return gateway;
}

/** Seldom when nothing is going on, or hours would take too long. */
const tickMsOf = ({ leased, flights, isAlone, settlesAt, holding, mustLearn }: Limits): number => {
  if (mustLearn && !isAlone) return 50;
  if (leased.size > 0 || flights.size > 0 || holding.size > 0 || (!isAlone && settlesAt !== -Infinity)) return 50;
  return isAlone ? 300 : 4_000;
};

/** The request takes its way; the answer is there at once, so that the instant of a decision is known exactly. */
function runLater<T>(world: World, gateway: SimGateway, work: () => T): Promise<T> {
  if (!world.isUp || gateway.isCutOff) return Promise.reject(new Error('not connected'));
  return new Promise((resolve, reject) => {
    gateway.lastAt = Math.max(gateway.lastAt, world.now + world.latencyMs());
    later(world, gateway.lastAt - world.now, () => {
      // What was sent is done even if the sender has died; if Redis has died, nobody knows.
      if (world.isUp) {
        const answer = work();
        if (gateway.isAlive) resolve(answer);
      } else reject(new Error('connection lost'));
    });
  });
}

export function stopRedis(world: World): void {
  world.isUp = false;
  for (const { isAlive, events } of world.gateways) {
    if (!isAlive) continue;
    events.onHearing(false);
    events.onGone();
  }
}

/** Gateways find it again one after another, within half a second. */
export function startRedis(world: World, { isEmpty }: { isEmpty: boolean }): void {
  if (isEmpty) loseData(world.model);
  world.isUp = true;
  for (const { isAlive, isCutOff, events, limits } of world.gateways) {
    if (!isAlive || isCutOff) continue;
    events.onHearing(true);
    later(world, 50 + 10 * world.latencyMs(), () => tick(limits));
  }
}

export function killGateway(world: World, gateway: SimGateway): void {
  gateway.isAlive = false;
  gateway.inUse = 0;
}

/** Sends a call; its slot is held for `holdMs`. */
export function call(
  world: World,
  gateway: SimGateway,
  { subject, holdMs = 5 }: { subject: Subject; holdMs?: number },
): void {
  const note = (admission: Admission) => {
    if (!gateway.isAlive) return;
    if (!admission.admitted) {
      world.refusals.push(world.now);
      return;
    }
    world.admissions.push(world.now);
    const own = world.bySubject.get(subject) ?? [];
    world.bySubject.set(subject, own);
    own.push(world.now);
    gateway.inUse++;
    world.mostInUse = Math.max(world.mostInUse, inUse(world));
    later(world, holdMs, () => {
      if (!gateway.isAlive) return;
      gateway.inUse--;
      admission.release();
    });
  };
  const admission = gateway.limiter.admit(subject);
  if (admission instanceof Promise) void admission.then(note);
  else note(admission);
}

export const inUse = ({ gateways }: World): number => gateways.reduce((sum, gateway) => sum + gateway.inUse, 0);

/** The most calls in any closed interval of `windowMs`. */
export function mostInAnyWindow(admissions: readonly number[], windowMs: number): number {
  let most = 0;
  let from = 0;
  for (const [to, at] of admissions.entries()) {
    while (admissions[from]! < at - windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

import { describe, expect, it } from '@jest/globals';
import {
  admissionsOf,
  burst,
  call,
  killGateway,
  mostInAnyWindow,
  pass,
  startGateway,
  startRedis,
  stopRedis,
  worldOf,
  type World,
} from '../../test/limits-simulation.ts';
import { loseData } from '../../test/limits-model.ts';
import type { Admission, Refused, Subject } from './admission.ts';
import type { News } from './store.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

const hourly = (quota: number): Subject => ({
  windows: [{ policy: 'hour', key: '{p:1}:hour', quota, windowMs: hourMs }],
  slots: null,
});

const atOnce = (limit: number): Subject => ({
  windows: [{ policy: 'hour', key: '{p:1}:hour', quota: 1_000_000, windowMs: hourMs }],
  slots: { key: '{p:1}:slots', limit },
});

/** One call, with its answer. */
async function admit(world: World, subject: Subject, gateway = 0): Promise<Admission> {
  const admission = world.gateways[gateway]!.limiter.admit(subject);
  await pass(world, 20);
  return admission;
}

const isThere = (world: World, gateway: number): boolean => !world.gateways[gateway]!.limiter.status().isAlone;

const refusedBy = async (world: World, subject: Subject): Promise<Refused> => {
  const admission = await admit(world, subject);
  if (admission.admitted) throw new Error('It was admitted');
  return admission;
};

describe('a window', () => {
  it('admits the quota to the last call over two gateways, mostly by leases, and not one more', async () => {
    const world = await worldOf({ gateways: 2 });

    await burst(world, hourly(4_000), { calls: 8_000, overMs: 60_000 });

    expect(world.admissions).toHaveLength(4_000);
    expect(world.gateways[0]!.counted.get('leased')).toBeGreaterThan(1_000);
  });

  it('admits again when the bucket of the calls has wholly left, and not before', async () => {
    const world = await worldOf({ gateways: 1 });
    await burst(world, hourly(400), { calls: 500, overMs: 0 });
    const first = world.admissions[0]!;

    await pass(world, first + hourMs - world.now);
    await burst(world, hourly(400), { calls: 10, overMs: 0 });
    expect(world.admissions).toHaveLength(400);

    await pass(world, first + hourMs + hourMs / 100 - world.now);
    await burst(world, hourly(400), { calls: 500, overMs: 0 });
    expect(world.admissions).toHaveLength(800);
  });

  it('admits the call that comes after Retry-After, and shows when that is', async () => {
    const world = await worldOf({ gateways: 1 });
    await burst(world, hourly(50), { calls: 50, overMs: 0 });

    const { policy, limit, retryAfterSeconds, state } = await refusedBy(world, hourly(50));
    expect({ policy, limit, remaining: state.windows[0]!.remaining }).toEqual({
      policy: 'hour',
      limit: 50,
      remaining: 0,
    });
    expect(Math.ceil((state.windows[0]!.resetAt - state.now) / 1_000)).toBe(retryAfterSeconds);

    await pass(world, retryAfterSeconds * 1_000);
    expect((await admit(world, hourly(50))).admitted).toBe(true);
  });

  it('counts Remaining down by one with each call, leased, asked or shared in one question', async () => {
    const world = await worldOf({ gateways: 1 });
    const shown: number[] = [];
    const note = (admission: Admission) => void shown.push(admission.state.windows[0]!.remaining);
    for (let round = 0; round < 100; round++) {
      for (let n = 0; n < 10; n++) void Promise.resolve(world.gateways[0]!.limiter.admit(hourly(8_000))).then(note);
      await pass(world, 5);
    }
    await pass(world, 50);

    expect(shown.toSorted((a, b) => b - a)).toEqual(Array.from({ length: 1_000 }, (_, n) => 7_999 - n));
  });

  it('counts a call in the bucket in which it is made, although it was leased just before the bucket ended', async () => {
    const world = await worldOf({ gateways: 1 });
    const subject: Subject = {
      windows: [{ policy: 'minute', key: '{p:1}:minute', quota: 4_000, windowMs: minuteMs }],
      slots: null,
    };
    const bucketMs = minuteMs / 100;
    await pass(world, bucketMs - (world.now % bucketMs) + bucketMs - 60);
    for (let n = 0; n < 2; n++) await admit(world, subject);
    await burst(world, subject, { calls: 2, overMs: 0 });
    const endOfBucket = world.now + bucketMs - (world.now % bucketMs);

    await pass(world, endOfBucket + 300 - world.now);
    await burst(world, subject, { calls: 5_000, overMs: 0 });
    await pass(world, endOfBucket + minuteMs + 1 - world.now);
    await burst(world, subject, { calls: 100, overMs: 0 });

    expect(mostInAnyWindow(world.admissions, minuteMs)).toBe(4_000);
  });

  it('gives back what a gateway leased and did not use', async () => {
    const world = await worldOf({ gateways: 2 });
    await burst(world, hourly(4_000), { calls: 5, overMs: 10 });
    expect(world.gateways[0]!.limits.leased.size).toBe(1);

    await pass(world, 1_100);

    const { windows } = (await admit(world, hourly(4_000), 1)).state;
    expect(windows[0]!.remaining).toBe(3_994);
  });

  it('that is not counted shows its number and stays at it', async () => {
    const world = await worldOf({ gateways: 1 });
    const subject: Subject = {
      windows: [
        { policy: 'hour', key: '{p:1}:hour', quota: 10, windowMs: hourMs, isCounted: false },
        { policy: 'minute', key: '{p:1}:minute', quota: 100, windowMs: minuteMs },
      ],
      slots: null,
    };
    await burst(world, subject, { calls: 50, overMs: 0 });

    const { state } = await admit(world, subject);
    expect(state.windows.map(({ remaining }) => remaining)).toEqual([10, 49]);
  });
});

describe('an admission', () => {
  it('is all or nothing: what the minute or the slots refuse, the hour does not count', async () => {
    const world = await worldOf({ gateways: 1 });
    const both: Subject = {
      windows: [
        { policy: 'hour', key: '{p:1}:hour', quota: 1_000, windowMs: hourMs },
        { policy: 'minute', key: '{p:1}:minute', quota: 10, windowMs: minuteMs },
      ],
      slots: { key: '{p:1}:slots', limit: 5 },
    };
    for (let n = 0; n < 8; n++) call(world, world.gateways[0]!, { subject: both, holdMs: 1_000 });
    await pass(world, 2_000);
    await burst(world, both, { calls: 5, overMs: 100 });
    const { policy } = await refusedBy(world, both);

    const { state } = await admit(world, hourly(1_000));
    expect(policy).toBe('minute');
    expect(state.windows[0]!.remaining).toBe(1_000 - 10 - 1);
  });

  it('that several windows refuse names the one that takes longest', async () => {
    const world = await worldOf({ gateways: 1 });
    const both: Subject = {
      windows: [
        { policy: 'minute', key: '{p:1}:minute', quota: 10, windowMs: minuteMs },
        { policy: 'hour', key: '{p:1}:hour', quota: 10, windowMs: hourMs },
      ],
      slots: null,
    };
    await burst(world, both, { calls: 10, overMs: 0 });

    const { policy, retryAfterSeconds } = await refusedBy(world, both);
    expect(policy).toBe('hour');
    expect(retryAfterSeconds).toBeGreaterThan(3_500);
  });
});

describe('what is counted after the fact', () => {
  const failures: Subject = { windows: [{ policy: 'ip', key: '{ip:1}', quota: 30, windowMs: minuteMs }], slots: null };

  it('is not counted by a look, and a look is free while nothing was counted', async () => {
    const world = await worldOf({ gateways: 1 });
    void world.gateways[0]!.limiter.peek(failures);
    await pass(world, 20);

    const looks = Array.from({ length: 100 }, () => world.gateways[0]!.limiter.peek(failures));
    expect(looks.every((look) => !(look instanceof Promise) && look.admitted)).toBe(true);
  });

  it('refuses at another gateway, too, once thirty are counted', async () => {
    const world = await worldOf({ gateways: 2 });
    for (let n = 0; n < 30; n++) void world.gateways[n % 2]!.limiter.count(failures);
    await pass(world, 20);

    const looks = world.gateways.map(({ limiter }) => limiter.peek(failures));
    await pass(world, 20);

    expect(await Promise.all(looks)).toMatchObject([
      { admitted: false, policy: 'ip' },
      { admitted: false, policy: 'ip' },
    ]);
  });
});

describe('requests at once', () => {
  it('are admitted up to the limit over two gateways, whoever held slots idle before, and no further', async () => {
    const world = await worldOf({ gateways: 2 });
    await burst(world, atOnce(100), { calls: 40, overMs: 20 });
    await pass(world, 30);

    for (let n = 0; n < 130; n++) call(world, world.gateways[0]!, { subject: atOnce(100), holdMs: 5_000 });
    await pass(world, 50);

    expect(world.mostInUse).toBe(100);
    expect(await refusedBy(world, atOnce(100))).toMatchObject({
      code: 'CONCURRENT_LIMIT_EXCEEDED',
      limit: 100,
      retryAfterSeconds: 1,
    });
  });

  it('stay within the limit when answers to questions of two keys come together', async () => {
    const keys = ['k1', 'k2'].map((key) => ({
      windows: [{ policy: 'hour', key: `{p:1}:hour:${key}`, quota: 1_000, windowMs: hourMs }],
      slots: { key: '{p:1}:slots', limit: 20 },
    }));
    for (let seed = 1; seed <= 50; seed++) {
      const world = await worldOf({ gateways: 2, seed });
      for (let n = 0; n < 60; n++) {
        call(world, world.gateways[n < 30 ? 0 : 1]!, { subject: keys[n % 2]!, holdMs: 5_000 });
      }
      await pass(world, 1_000);

      expect(world.mostInUse).toBe(20);
    }
  });

  it('come back when answers end', async () => {
    const world = await worldOf({ gateways: 2 });
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 20; n++) call(world, world.gateways[n % 2]!, { subject: atOnce(20), holdMs: 100 });
      await pass(world, 200);
    }

    expect(world.admissions).toHaveLength(100);
  });

  it('come back 15 s after a gateway was killed, and are kept as long as one lives', async () => {
    const world = await worldOf({ gateways: 2 });
    for (let n = 0; n < 20; n++) call(world, world.gateways[n % 2]!, { subject: atOnce(20), holdMs: 60_000 });
    await pass(world, 30_000);
    killGateway(world, world.gateways[1]!);

    expect((await admit(world, atOnce(20))).admitted).toBe(false);
    await pass(world, 15_000);
    for (let n = 0; n < 20; n++) call(world, world.gateways[0]!, { subject: atOnce(20) });
    await pass(world, 50);
    expect(admissionsOf(world, 1_000)).toBe(10);
  });
});

describe('without Redis', () => {
  it('gateways share what was free, although one of them has not been called for long', async () => {
    const world = await worldOf({ gateways: 2 });
    await burst(world, hourly(4_000), { calls: 2, overMs: 0 });
    world.gateways.reverse();
    for (let n = 0; n < 2_998; n++) call(world, world.gateways[0]!, { subject: hourly(4_000) });
    await pass(world, 1_000);

    stopRedis(world);
    await burst(world, hourly(4_000), { calls: 4_000, overMs: 0 });

    expect(world.admissions.length).toBeGreaterThan(3_500);
    expect(world.admissions.length).toBeLessThanOrEqual(4_000);
  });

  it('what was admitted meanwhile counts when it is back, empty or not', async () => {
    for (const isEmpty of [false, true]) {
      const world = await worldOf({ gateways: 3 });
      await burst(world, hourly(4_000), { calls: 1_000, overMs: 100 });
      stopRedis(world);
      await burst(world, hourly(4_000), { calls: 1_500, overMs: 100 });
      startRedis(world, { isEmpty });
      await pass(world, 5_000);

      await burst(world, hourly(4_000), { calls: 4_000, overMs: 100 });

      expect(world.admissions).toHaveLength(4_000);
    }
  });

  it('a second loss, before all have put their calls back, adds no share to what each had', async () => {
    const world = await worldOf({ gateways: 2 });
    await burst(world, hourly(1_000), { calls: 2, overMs: 0 });
    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 2_000, overMs: 0 });
    const before = world.admissions.length;

    world.gateways[1]!.isCutOff = true;
    startRedis(world, { isEmpty: true });
    await pass(world, 1_000);
    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 2_000, overMs: 0 });

    expect(before).toBeGreaterThan(800);
    expect(world.admissions).toHaveLength(before);
  });

  it('nothing is added by what gateways tell of a Redis that lost its data while they put them back', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = await worldOf({ gateways: 3, seed });
      await burst(world, hourly(400), { calls: 450, overMs: 1_000 });
      loseData(world.model);
      await pass(world, 5_000);
      stopRedis(world);
      await burst(world, hourly(400), { calls: 300, overMs: 0 });

      expect(world.admissions).toHaveLength(400);
    }
  });

  it('a gateway that started a moment before knows what was used by then', async () => {
    const world = await worldOf({ gateways: 1 });
    await burst(world, hourly(1_000), { calls: 991, overMs: 0 });
    startGateway(world, { skewMs: 5 });
    await pass(world, 100);

    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 500, overMs: 0 });

    expect(world.admissions.length).toBeLessThanOrEqual(1_000);
  });

  it('a gateway that had no time to learn what was used takes nothing', async () => {
    const world = await worldOf({ gateways: 1 });
    await burst(world, hourly(1_000), { calls: 1_000, overMs: 0 });
    startGateway(world, { skewMs: 5 });
    for (let ms = 0; ms < 100 && !isThere(world, 1); ms++) await pass(world, 1);
    expect(world.gateways[1]!.limits.mustLearn).toBe(true);

    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 500, overMs: 0 });

    expect(world.admissions).toHaveLength(1_000);
  });

  it('gateways that all started a moment before share what nobody had called so far', async () => {
    const world = await worldOf({ gateways: 3 });

    stopRedis(world);
    await burst(world, hourly(4_000), { calls: 6_000, overMs: 0 });

    expect(world.admissions.length).toBeGreaterThan(3_900);
    expect(world.admissions.length).toBeLessThanOrEqual(4_000);
  });

  it('a gateway whose subscription was away for a moment knows what it missed', async () => {
    const world = await worldOf({ gateways: 2 });
    const { events } = world.gateways[1]!;
    events.onHearing(false);
    await pass(world, 2_000);
    const subject = hourly(1_000);
    for (let n = 0; n < 700; n++) call(world, world.gateways[0]!, { subject });
    await pass(world, 1_000);
    events.onHearing(true);
    await pass(world, 5_000);

    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 1_000, overMs: 0 });

    expect(world.admissions.length).toBeGreaterThan(850);
    expect(world.admissions.length).toBeLessThanOrEqual(1_000);
  });

  it('a gateway that may not read what was used goes on with Redis, and without it takes nothing that it did not hear of', async () => {
    const world = await worldOf({ gateways: 1 });
    await burst(world, hourly(1_000), { calls: 900, overMs: 0 });
    const late = startGateway(world, { skewMs: 5 });
    late.limits.store.levels = () => Promise.reject(new Error('NOPERM'));
    await pass(world, 60_000);
    expect((await admit(world, hourly(1_000), 1)).admitted).toBe(true);

    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 500, overMs: 0 });

    expect(late.counted.has('gone')).toBe(true);
    expect(world.admissions.length).toBeLessThanOrEqual(1_000);
  });

  it('the last news of a Redis that has died count, although they are read after its connection was lost', async () => {
    const world = await worldOf({ gateways: 2 });
    const { events } = world.gateways[1]!;
    const unread: News[] = [];
    const onNews = events.onNews.bind(events);
    events.onNews = (news) => void unread.push(news);
    for (let n = 0; n < 1_000; n++) call(world, world.gateways[0]!, { subject: hourly(1_000) });
    await pass(world, 50);

    events.onGone();
    for (const news of unread) onNews(news);
    stopRedis(world);
    const own = Array.from({ length: 500 }, () => world.gateways[1]!.limiter.admit(hourly(1_000)));

    expect(unread.at(-1)).toMatchObject({ kind: 'level', level: 0 });
    expect(own.some((admission) => !(admission instanceof Promise) && admission.admitted)).toBe(false);
  });

  it('a key that is called for the first time just after Redis is back is served', async () => {
    const world = await worldOf({ gateways: 2 });
    stopRedis(world);
    await pass(world, 3_000);
    startRedis(world, { isEmpty: true });
    await pass(world, 700);

    await burst(world, hourly(1_000), { calls: 1_200, overMs: 0 });

    expect(world.gateways.every(({ limits }) => limits.settlesAt > 0)).toBe(true);
    expect(world.admissions.length).toBeGreaterThan(900);
    expect(world.admissions.length).toBeLessThanOrEqual(1_000);
  });

  it('a gateway that came while a sign of life was being answered has its part of the shares', async () => {
    const world = await worldOf({ gateways: 1 });
    const { limits, events } = world.gateways[0]!;
    const beat = limits.store.beat.bind(limits.store);
    limits.store.beat = async () => {
      const answer = await beat();
      events.onNews({ kind: 'gateways', count: 2 });
      return answer;
    };
    await pass(world, 10_000);

    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 1_000, overMs: 0 });

    expect(world.admissions).toHaveLength(490);
  });

  it('a gateway that has just started has one percent', async () => {
    const world = await worldOf({ gateways: 1, isUp: false });

    await burst(world, hourly(4_000), { calls: 1_000, overMs: 0 });

    expect(world.admissions).toHaveLength(40);
  });

  it('for more than an hour, what each has counted leaves its window', async () => {
    const world = await worldOf({ gateways: 2 });
    await burst(world, hourly(1_000), { calls: 500, overMs: 0 });
    stopRedis(world);
    await burst(world, hourly(1_000), { calls: 1_000, overMs: 0 });
    const before = world.admissions.length;

    await pass(world, hourMs * 1.02);
    await burst(world, hourly(1_000), { calls: 2_000, overMs: 0 });

    expect(world.admissions.length - before).toBe(before);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { waitFor } from '@punchcard/testing';
import type { Subject } from '../src/limits/admission.ts';
import {
  admitAll,
  admittedOf,
  givenCluster,
  givenLimiter,
  givenRedis,
  pause,
  type GivenLimiter,
  type OwnRedis,
} from './limits-given.ts';

let redis: OwnRedis;
let limiters: GivenLimiter[] = [];
let partners = 0;

const partner = (quota: number, limit = 1_000_000): Subject => {
  const tag = `{p:${++partners}}`;
  return {
    windows: [{ policy: 'hour', key: `${tag}:hour`, quota, windowMs: 3_600_000 }],
    slots: { key: `${tag}:slots`, limit },
  };
};

async function given(count: number): Promise<GivenLimiter[]> {
  const settings = { settleMs: 3_000, lapseMs: 15_000 };
  limiters = await Promise.all(Array.from({ length: count }, () => givenLimiter(redis.url, 'limits:', { settings })));
  await waitFor('all to know each other', () => limiters.every((limiter) => limiter.status().gateways === count));
  return limiters;
}

/** Makes calls and ends them at once. */
async function use(gateways: readonly GivenLimiter[], subject: Subject, calls: number): Promise<number> {
  const admissions = await admitAll(gateways, subject, calls);
  for (const admission of admissions) if (admission.admitted) admission.release();
  return admittedOf(admissions);
}

const back = (gateways: readonly GivenLimiter[]) =>
  waitFor('Redis', () => gateways.every((limiter) => !limiter.status().isSettling));

beforeAll(async () => {
  redis = await givenRedis();
});

afterEach(async () => {
  await Promise.all(limiters.map((limiter) => limiter.close()));
});

afterAll(() => redis.stop());

describe('when Redis is killed', () => {
  it('gateways go on by their shares, and the quota holds when it is back, empty', async () => {
    const gateways = await given(2);
    const subject = partner(2_000);
    const before = await use(gateways, subject, 400);

    await redis.kill();
    let alone = await use(gateways, subject, 3_000);
    await redis.start();
    while (gateways.some((limiter) => limiter.status().isSettling)) {
      alone += await use(gateways, subject, 10);
      await pause(10);
    }
    const after = await use(gateways, subject, 3_000);

    expect(before).toBe(400);
    expect(alone).toBeGreaterThan(1_200);
    expect(before + alone + after).toBe(2_000);
    expect(gateways.every(({ counted }) => counted.get('gone')! >= 1 && counted.get('back')! >= 2)).toBe(true);
  });

  it('in the midst of parallel calls, not one more than the quota is admitted', async () => {
    const gateways = await given(3);
    const subject = partner(3_000);
    let admitted = 0;
    const callers = Array.from({ length: 30 }, async (_, n) => {
      for (let calls = 0; calls < 300; calls++) {
        const one = await use([gateways[n % 3]!], subject, 1);
        admitted += one;
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    });

    await waitFor('some calls', () => admitted > 500);
    await redis.kill();
    await Promise.all(callers);
    await redis.start();
    await back(gateways);
    admitted += await use(gateways, subject, 5_000);

    expect(admitted).toBe(3_000);
  });

  it('requests at once stay within the limit, and those that run keep their slots when it is back', async () => {
    const gateways = await given(2);
    const subject = partner(1_000_000, 20);
    const running = await admitAll(gateways, subject, 10);

    await redis.kill();
    running.push(...(await admitAll(gateways, subject, 100)));
    expect(admittedOf(running)).toBeGreaterThan(10);
    expect(admittedOf(running)).toBeLessThanOrEqual(20);

    await redis.start();
    await back(gateways);
    running.push(...(await admitAll(gateways, subject, 100)));
    expect(admittedOf(running)).toBe(20);
    for (const admission of running) if (admission.admitted) admission.release();
    await waitFor('free slots', async () => (await use(gateways, subject, 20)) === 20);
  });

  it('a gateway that started a moment before takes its share of what was free, and nothing of what was not', async () => {
    const [first] = await given(1);
    const [full, half] = [partner(2_000), partner(2_000)];
    let [ofFull, ofHalf] = [await use([first!], full, 1_995), await use([first!], half, 1_000)];
    const late = await givenLimiter(redis.url, 'limits:', { settings: { settleMs: 1_000 } });
    limiters = [first!, late];
    await waitFor('both to know each other', () => limiters.every((limiter) => limiter.status().gateways === 2));
    await waitFor('the newcomer to have read the levels', () => late.status().hasLearnt);

    await redis.kill();
    const byLate = await use([late], half, 3_000);
    ofHalf += byLate + (await use([first!], half, 3_000));
    ofFull += await use([late, first!], full, 3_000);
    await redis.start();

    expect(byLate).toBeGreaterThan(300);
    expect(ofHalf).toBeLessThanOrEqual(2_000);
    expect(ofFull).toBeLessThanOrEqual(2_000);
  });

  it('a gateway that starts without it has one percent', async () => {
    await redis.kill();
    const limiter = await givenLimiter(redis.url, 'limits:', { settings: { settleMs: 1_000 } }).finally(() =>
      redis.start(),
    );
    limiters = [limiter];

    expect(limiter.status().isSettling).toBe(true);
  });
});

describe('when Redis loses its data but not its connections', () => {
  it('each gateway puts back what it has counted, as soon as one has noticed', async () => {
    const gateways = await given(2);
    const subject = partner(2_000);
    expect(await use(gateways, subject, 1_500)).toBe(1_500);
    const client = new Redis(redis.url);

    await client.flushall();
    let after = await use([gateways[0]!], subject, 100);
    await waitFor('both to have noticed', () => gateways.every(({ counted }) => counted.has('lost')));
    await back(gateways);
    after += await use(gateways, subject, 1_000);

    client.disconnect();
    expect(after).toBe(500);
  });
});

describe('a Redis Cluster', () => {
  let cluster: OwnRedis;
  beforeAll(async () => {
    cluster = await givenCluster();
  });
  afterAll(() => cluster.stop());

  it('takes the keys of a subject, which share a hash tag', async () => {
    const limiter = await givenLimiter(cluster.url, 'limits:');
    limiters = [limiter];
    const subject = partner(100);

    const admitted = await use([limiter], subject, 150);

    const client = new Redis(cluster.url);
    const counted = await client.hget(`limits:${subject.windows[0]!.key}`, 'used');
    client.disconnect();
    expect({ admitted, counted }).toEqual({ admitted: 100, counted: '100' });
    expect(limiter.counted.has('alone')).toBe(false);
  });
});

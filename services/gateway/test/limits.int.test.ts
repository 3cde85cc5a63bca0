import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { waitFor } from '@punchcard/testing';
import type { Subject } from '../src/limits/admission.ts';
import { headersOf } from '../src/limits/headers-rules.ts';
import type { Limiter } from '../src/limits/limiter.ts';
import { admitAll, admittedOf, forget, givenLimiter, newPrefix, pause } from './limits-given.ts';

const url = process.env['TEST_REDIS_URL']!;
const hourMs = 3_600_000;
const minuteMs = 60_000;

const redis = new Redis(url);
const keyPrefix = newPrefix();
let partners = 0;
const limiters: Limiter[] = [];

const partner = (quota: number, { perMinute = 1_000_000, limit = 1_000_000 } = {}): Subject => {
  const tag = `{p:${++partners}}`;
  return {
    windows: [
      { policy: 'hour', key: `${tag}:hour`, quota, windowMs: hourMs },
      { policy: 'minute', key: `${tag}:minute:k1`, quota: perMinute, windowMs: minuteMs },
    ],
    slots: { key: `${tag}:slots`, limit },
  };
};

async function given(...options: Parameters<typeof givenLimiter>[2][]) {
  const made = await Promise.all(options.map((each) => givenLimiter(url, keyPrefix, each)));
  limiters.push(...made);
  return made;
}

const holders: ChildProcess[] = [];

afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  await Promise.all(limiters.splice(0).map((limiter) => limiter.close()));
});

afterAll(async () => {
  await forget(redis, keyPrefix);
  redis.disconnect();
});

describe('two gateways on one Redis', () => {
  it('admit a quota to the last call, under parallel callers, and not one more', async () => {
    const gateways = await given({}, {});
    const subject = partner(2_000);

    let admitted = 0;
    for (let round = 0; round < 30; round++) {
      const admissions = await admitAll(gateways, subject, 100);
      admitted += admittedOf(admissions);
      for (const admission of admissions) if (admission.admitted) admission.release();
    }

    expect(admitted).toBe(2_000);
    expect(gateways.every(({ counted }) => (counted.get('leased') ?? 0) > 0)).toBe(true);
  });

  it('admit in any window what the minute allows, and do not count in the hour what it refuses', async () => {
    const gateways = await given({}, {});
    const subject = partner(1_000, { perMinute: 60 });

    const admissions = await admitAll(gateways, subject, 200);
    const refused = admissions.find(({ admitted }) => !admitted);

    expect(admittedOf(admissions)).toBe(60);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', policy: 'minute', limit: 60 });
    expect(headersOf(refused!.state, 'enterprise')).toMatchObject({
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Remaining': '940',
      'RateLimit-Policy': expect.stringMatching(
        /^"hour";q=1000;w=3600, "minute";q=60;w=60, "concurrent";q=1000000;qu=/,
      ),
      RateLimit: expect.stringMatching(/^"hour";r=940;t=3[56]\d\d, "minute";r=0;t=[56]\d, "concurrent";r=\d+$/),
    });
  });

  it('share the requests at once: the hundred-and-first is refused at once, and slots come back', async () => {
    const gateways = await given({}, {});
    const subject = partner(10_000, { limit: 100 });
    const before = await admitAll(gateways, subject, 40);
    for (const admission of before) if (admission.admitted) admission.release();

    const admissions = await admitAll(gateways, subject, 130);
    expect(admittedOf(admissions)).toBe(100);
    expect(admissions.find(({ admitted }) => !admitted)).toMatchObject({
      code: 'CONCURRENT_LIMIT_EXCEEDED',
      policy: 'concurrent',
      limit: 100,
      retryAfterSeconds: 1,
    });

    for (const admission of admissions) if (admission.admitted) admission.release();
    await waitFor('the slots', async () => (await redis.hlen(`${keyPrefix}${subject.slots!.key}`)) <= 5);
    expect(admittedOf(await admitAll(gateways, subject, 100))).toBe(100);
  });

  it('hear of failures that the other counted', async () => {
    const [one, two] = await given({}, {});
    const failures = {
      windows: [{ policy: 'ip', key: `{ip:${++partners}}`, quota: 30, windowMs: minuteMs }],
      slots: null,
    };
    for (let n = 0; n < 29; n++) await one!.count(failures);
    expect((await two!.peek(failures)).admitted).toBe(true);

    await two!.count(failures);

    expect(await one!.peek(failures)).toMatchObject({ admitted: false, policy: 'ip' });
    expect(await one!.count(failures)).toMatchObject({ admitted: false });
  });
});

describe('a gateway', () => {
  it('that closes gives back what it leased and held idle', async () => {
    const [leaving] = await given({});
    const subject = partner(8_000, { limit: 100 });
    for (let n = 0; n < 3; n++) {
      const admission = await leaving!.admit(subject);
      if (admission.admitted) admission.release();
    }
    expect(Number(await redis.hget(`${keyPrefix}${subject.windows[0]!.key}`, 'used'))).toBeGreaterThan(3);

    await leaving!.close();

    await waitFor(
      'the calls',
      async () => (await redis.hget(`${keyPrefix}${subject.windows[0]!.key}`, 'used')) === '3',
    );
    const [staying] = await given({});
    expect(admittedOf(await admitAll([staying!], subject, 101))).toBe(100);
  });

  it('that is killed loses its slots when they lapse, and one that lives keeps them', async () => {
    const ownPrefix = newPrefix();
    // Each renews its slots three times as often: a slow machine may be late twice.
    const lapseMs = 9_000;
    const parameters = [url, ownPrefix, '6', String(lapseMs)];
    const holder = spawn(process.execPath, [`${import.meta.dirname}/limits-holder.ts`, ...parameters], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    holders.push(holder);
    const ended = once(holder, 'exit').then(() => Promise.reject(new Error('The holder ended by itself.')));
    await Promise.race([once(holder.stdout, 'data'), ended]);
    const limiter = await givenLimiter(url, ownPrefix, { settings: { lapseMs } });
    limiters.push(limiter);
    const subject = {
      windows: [{ policy: 'hour', key: '{p:1}:hour', quota: 10_000, windowMs: hourMs }],
      slots: { key: '{p:1}:slots', limit: 10 },
    };
    await pause(lapseMs + 1_500);
    expect(admittedOf(await admitAll([limiter], subject, 10))).toBe(4);

    holder.kill('SIGKILL');

    expect((await limiter.admit(subject)).admitted).toBe(false);
    await waitFor('the killed gateway’s slots', async () => (await limiter.admit(subject)).admitted);
    expect(admittedOf(await admitAll([limiter], subject, 10))).toBe(5);
    await forget(redis, ownPrefix);
  });
});

describe('over hours', () => {
  it('real Redis admits a quota again when its bucket has left, and not a moment before', async () => {
    let travelledMs = 0;
    const clock = {
      nowMs: () => performance.now() + travelledMs,
      wallMs: () => Date.now() + travelledMs,
      after: (ms: number, work: () => void) => void setTimeout(work, ms),
    };
    const options = { clock, timeOffsetMs: () => travelledMs };
    const gateways = await given(options, options);
    const subject = partner(500);
    const use = async () => {
      const admissions = await admitAll(gateways, subject, 700);
      for (const admission of admissions) if (admission.admitted) admission.release();
      return admittedOf(admissions);
    };
    const bucketMs = hourMs / 100;
    // A process that seems to have slept for an hour puts its calls back, and is careful for a moment.
    const travel = async (ms: number) => {
      travelledMs += ms;
      await pause(200);
      await waitFor('calm', () => gateways.every((gateway) => !gateway.status().isSettling));
    };
    const [seconds] = await redis.time();
    // To the beginning of a bucket, so that real time does not carry the test into the next one.
    await travel(bucketMs - ((Number(seconds) * 1_000) % bucketMs));

    for (let hour = 0; hour < 4; hour++) {
      const admitted = await use();
      await travel(hourMs - 5_000);
      const late = await use();
      // A call that a gateway holds on lease while the other is refused comes late, and counts in the next hour: 0.25 % each.
      expect(admitted).toBeGreaterThanOrEqual(495);
      expect(admitted + late).toBeLessThanOrEqual(500);
      await travel(2 * bucketMs);
    }
  });
});

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { repeat } from './repeat.ts';

const log = { warn: jest.fn() };
const hour = 3_600_000;

describe('a job', () => {
  it('runs on while there is more to do, then waits, and stops from its wait at once', async () => {
    let runs = 0;
    const job = repeat(async () => ++runs < 3, { name: 'test', everyMs: hour, log });

    await setImmediate();
    await job.stop();

    expect(runs).toBe(3);
  });

  it('goes on after a run that failed', async () => {
    let runs = 0;
    let goOn = () => {};
    const again = new Promise<void>((resolve) => (goOn = resolve));
    const run = async () => {
      runs += 1;
      if (runs === 1) throw new Error('The store is away.');
      goOn();
    };
    const job = repeat(run, { name: 'test', everyMs: 1, log });

    await again;
    await job.stop();

    expect(log.warn).toHaveBeenCalledWith(expect.objectContaining({ job: 'test' }), expect.any(String));
  });

  it('that is stopped ends the run under way first', async () => {
    let end = () => {};
    const job = repeat(() => new Promise<void>((resolve) => (end = resolve)), { name: 'test', everyMs: 0, log });
    let hasStopped = false;

    const stopped = job.stop().then(() => (hasStopped = true));
    await setImmediate();
    expect(hasStopped).toBe(false);

    end();
    await stopped;
  });
});

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '@punchcard/contracts';
import postgres from 'postgres';
import { createLanes, type LaneLimits, type RunBatch } from './lanes.ts';

const refusedBy = (code: string) => Object.assign(new postgres.PostgresError({} as never), { code });
const lostConnection = () => Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

/** A database that keeps what it is given, unless `refuse` says why not; then it keeps nothing of that batch. */
function givenLane(
  refuse: (batch: readonly number[], run: number) => unknown = () => undefined,
  limits: LaneLimits = {},
) {
  const batches: (readonly number[])[] = [];
  const kept: number[] = [];
  const run: RunBatch<number, string> = async (batch) => {
    batches.push(batch);
    await later();
    const error = refuse(batch, batches.length);
    if (error) throw error as Error;
    kept.push(...batch);
    return batch.map((command) => ({ status: 'fulfilled', value: `done ${command}` }));
  };
  const lane = createLanes({ lanes: 1, laneOf: String, run, limits });
  return { lane, batches, kept, submit: (...commands: number[]) => Promise.allSettled(commands.map(lane.submit)) };
}

/** The clock stands still from now on, but for what passes by this. */
function givenClock(): (ms: number) => undefined {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'] });
  return (ms) => void jest.advanceTimersByTime(ms);
}
afterEach(() => void jest.useRealTimers());

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const codesOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'kept' : (outcome.reason as { code: string }).code));

describe('createLanes', () => {
  it('runs what arrives in one turn of the event loop as one batch, and what arrives meanwhile as the next', async () => {
    let meanwhile: Promise<unknown> | undefined;
    const { submit, batches } = givenLane((_batch, run) => {
      if (run === 1) meanwhile = submit(4, 5);
    });

    await submit(1, 2, 3);
    await meanwhile;

    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('answers each command with its own outcome, in the order of arrival', async () => {
    const { submit, kept } = givenLane(undefined, { maxBatch: 8 });

    const outcomes = await submit(...numbers(30));

    expect(outcomes).toEqual(numbers(30).map((n) => ({ status: 'fulfilled', value: `done ${n}` })));
    expect(kept).toEqual(numbers(30));
  });

  it('lets a refusal reach its own command alone', async () => {
    const refusal = new AppError('INSUFFICIENT_POINTS');
    const lane = createLanes<number, number>({
      lanes: 1,
      laneOf: String,
      run: async (batch) =>
        batch.map((n) => (n === 1 ? { status: 'rejected', reason: refusal } : { status: 'fulfilled', value: n })),
    });

    const outcomes = await Promise.allSettled(numbers(3).map(lane.submit));

    expect(outcomes[1]).toEqual({ status: 'rejected', reason: refusal });
    expect(codesOf(outcomes)).toEqual(['kept', 'INSUFFICIENT_POINTS', 'kept']);
  });

  it('isolates one poisonous command of twenty by halving: only that one fails, and order stays', async () => {
    const { submit, kept, batches } = givenLane((batch) => batch.includes(13) && refusedBy('23514'));

    const outcomes = await submit(...numbers(20));

    expect(codesOf(outcomes)).toEqual(numbers(20).map((n) => (n === 13 ? '23514' : 'kept')));
    expect(kept).toEqual(numbers(20).filter((n) => n !== 13));
    expect(batches.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(20)));
  });

  it('runs a batch that met a dead lock again, in halves', async () => {
    const { submit, kept } = givenLane((_batch, run) => run === 1 && refusedBy('40P01'));

    expect(codesOf(await submit(...numbers(6)))).toEqual(numbers(6).map(() => 'kept'));
    expect(kept).toEqual(numbers(6));
  });

  it('runs a command alone again when another process was faster, three times at most', async () => {
    const once = givenLane((_batch, run) => run === 1 && refusedBy('23505'));
    const always = givenLane(() => refusedBy('23505'));

    expect(codesOf(await once.submit(1))).toEqual(['kept']);
    expect(codesOf(await always.submit(1))).toEqual(['23505']);
    expect([once.batches.length, always.batches.length]).toEqual([2, 3]);
  });

  it.each(['55P03', '57014'])('refuses the part that met a time-out (%s) and runs it no more', async (code) => {
    const { submit, batches } = givenLane(() => refusedBy(code));

    expect(codesOf(await submit(1, 2))).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    expect(batches).toHaveLength(1);
  });

  it('never runs a batch again whose connection was lost, since it may have been kept', async () => {
    const { submit, batches } = givenLane(() => lostConnection());

    expect(codesOf(await submit(1, 2))).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    expect(batches).toHaveLength(1);
  });

  it('never runs a batch again after an error that does not say that nothing was kept', async () => {
    const bug = new TypeError('undefined is not a function');
    const { submit, batches } = givenLane(() => bug);

    expect(await submit(1, 2)).toEqual([
      { status: 'rejected', reason: bug },
      { status: 'rejected', reason: bug },
    ]);
    expect(batches).toHaveLength(1);
  });

  it('refuses a command unread that waited too long, and goes on with the next', async () => {
    const pass = givenClock();
    const { submit, kept } = givenLane((_batch, run) => run === 1 && pass(401), { maxBatch: 1, maxWaitMs: 400 });

    expect(codesOf(await submit(1, 2))).toEqual(['kept', 'SERVICE_UNAVAILABLE']);
    expect(codesOf(await submit(3))).toEqual(['kept']);
    expect(kept).toEqual([1, 3]);
  });

  it('checks the wait before each part of a batch that runs again', async () => {
    const pass = givenClock();
    const deadLock = () => pass(41) ?? refusedBy('40P01');
    const { submit, batches } = givenLane(deadLock, { maxWaitMs: 40 });

    expect(codesOf(await submit(1, 2))).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    expect(batches).toEqual([[1, 2]]);
  });

  it('refuses at once what a full queue cannot hold', async () => {
    const { lane, submit } = givenLane(undefined, { maxQueue: 2 });

    const outcomes = submit(1, 2, 3);

    expect(lane.waiting()).toBe(2);
    expect(codesOf(await outcomes)).toEqual(['kept', 'kept', 'SERVICE_UNAVAILABLE']);
  });

  it('finishes what waits when it closes, and refuses what comes then', async () => {
    const { lane, submit, kept } = givenLane(undefined, { maxBatch: 1 });
    const before = submit(1, 2, 3);

    const closing = lane.close();
    const after = await submit(4);
    await closing;

    expect(kept).toEqual([1, 2, 3]);
    expect(codesOf(after)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(codesOf(await before)).toEqual(['kept', 'kept', 'kept']);
  });

  it('keeps commands of one name in one lane and spreads many names', async () => {
    const together = new Set<string>();
    let running = 0;
    let most = 0;
    const lanes = createLanes<string, string>({
      lanes: 4,
      laneOf: (name) => name,
      run: async (batch) => {
        most = Math.max(most, (running += 1));
        for (const name of batch) {
          expect(together.has(name)).toBe(false);
          together.add(name);
        }
        await later();
        for (const name of batch) together.delete(name);
        running -= 1;
        return batch.map((value) => ({ status: 'fulfilled', value }));
      },
      limits: { maxBatch: 1 },
    });

    await Promise.all(numbers(40).map((n) => lanes.submit(`member ${n % 10}`)));

    expect(most).toBe(4);
  });
});

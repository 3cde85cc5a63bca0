import { describe, expect, it } from '@jest/globals';
import { silent } from './log.ts';
import type { UnsentRow } from './platform-outbox.ts';
import { createHook } from './relay-hook.ts';

const row = (sequence: number) =>
  ({ id: String(sequence), traceparent: null, data: '{}', sequence }) as unknown as UnsentRow;

/** A hook of a relay that is being stopped; what it tells of fails or hangs as told. */
function givenHook(answer: () => Promise<void>) {
  const told: number[][] = [];
  const hook = createHook({
    onSent: (events) => {
      told.push(events.map(({ sequence }) => sequence));
      return answer();
    },
    log: silent,
    stopping: AbortSignal.abort(),
  });
  return { hook, told };
}

describe('createHook, while the relay is stopping', () => {
  it('tells of rows before they are marked', async () => {
    const { hook, told } = givenHook(() => Promise.resolve());

    await hook.call([row(1), row(2)]);

    expect(told).toEqual([[1, 2]]);
  });

  it('tries once when that fails', async () => {
    const { hook, told } = givenHook(() => Promise.reject(new Error('Redis is away')));

    await hook.call([row(1)]);
    await hook.call([row(2)]);

    expect(told).toEqual([[1], [2]]);
  });

  it('does not wait for ever', async () => {
    const { hook, told } = givenHook(() => new Promise(() => {}));

    await hook.call([row(1)]);

    expect(told).toEqual([[1]]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { waitFor } from '@punchcard/testing';
import { bucketAt } from '../src/limits/rules.ts';
import { createRedisStore, type LevelsPage, type LimitStore, type News, type Question } from '../src/limits/store.ts';
import { forget, newPrefix } from './limits-given.ts';
import { createModelRedis, createModelStore } from './limits-model.ts';

const url = process.env['TEST_REDIS_URL']!;
const lapseMs = 15_000;
const windows = [
  { key: '{p}:hour', windowMs: 3_600_000, quota: 4_000 },
  { key: '{p}:minute', windowMs: 60_000, quota: 900 },
  { key: '{p}:odd', windowMs: 12_345, quota: 7 },
];
const slots = { key: '{p}:slots', limit: 20 };

interface Asking {
  kind: 'ask';
  calls: number;
  windows: { n: number; wanted: number; isOnRecord: boolean }[];
  slots: { own: number; wanted: number; back: number } | null;
}
type Operation =
  | Asking
  | { kind: 'giveBack'; n: number; count: number }
  | { kind: 'merge'; n: number; rows: { ago: number; count: number }[] }
  | { kind: 'hold'; count: number }
  | { kind: 'beat'; isLeaving: boolean }
  | { kind: 'levels' }
  | { kind: 'travel'; ms: number };

const nth = fc.nat(windows.length - 1);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      calls: fc.oneof(fc.nat(5), fc.nat(1_200)),
      windows: fc.uniqueArray(fc.record({ n: nth, wanted: fc.constantFrom(0, 2, 10), isOnRecord: fc.boolean() }), {
        maxLength: 3,
        selector: ({ n }) => n,
      }),
      slots: fc.option(fc.record({ own: fc.nat(3), wanted: fc.nat(3), back: fc.nat(4) })),
    }),
  },
  fc.record({ kind: fc.constant('giveBack' as const), n: nth, count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('merge' as const),
    n: nth,
    rows: fc.uniqueArray(fc.record({ ago: fc.nat(104), count: fc.integer({ min: 1, max: 50 }) }), {
      maxLength: 5,
      selector: ({ ago }) => ago,
    }),
  }),
  fc.record({ kind: fc.constant('hold' as const), count: fc.nat(8) }),
  fc.record({ kind: fc.constant('beat' as const), isLeaving: fc.boolean() }),
  fc.record({ kind: fc.constant('levels' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('travel' as const),
      ms: fc.oneof(fc.nat(3_000), fc.nat(70_000), fc.nat(4_000_000), fc.integer({ min: -100_000, max: 0 })),
    }),
  },
);

let client: Redis;
const stores: LimitStore[] = [];

beforeAll(() => {
  client = new Redis(url);
});

afterAll(() => {
  for (const store of stores) store.close();
  client.disconnect();
});

describe('the Lua scripts', () => {
  it('answer and announce what the model of the unit tests does, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(operation, fc.constantFrom(0, 1)), { minLength: 5, maxLength: 60 }),
        async (operations) => {
          const { real, model, heard, said, travel, at, close } = await given();
          for (const [todo, gateway] of operations) {
            if (todo.kind === 'travel') travel(todo.ms);
            else await compare(todo, { real: real[gateway]!, model: model[gateway]!, at });
          }
          await waitFor('the news', () => heard.length >= said.length);
          expect(heard).toEqual(said);
          await close();
        },
      ),
      { numRuns: Number(process.env['LIMITER_RUNS'] ?? 25), interruptAfterTimeLimit: 20_000 },
    );
  }, 60_000);
});

/** Two gateways on real Redis under one prefix, and two on the model. */
async function given() {
  const keyPrefix = newPrefix();
  let offsetMs = 0;
  let modelNow = 0;
  let isHearing = false;
  const heard: News[] = [];
  const said: News[] = [];
  const storeOf = (gatewayId: string, onNews: (news: News) => void): LimitStore =>
    createRedisStore({
      redis: client,
      keyPrefix,
      gatewayId,
      lapseMs,
      timeOffsetMs: () => offsetMs,
      events: { onNews, onGone: () => {}, onHearing: (hearing) => (isHearing = hearing) },
    });
  const real = [storeOf('a', (news) => heard.push(news)), storeOf('b', () => {})];
  stores.push(...real);
  await waitFor('Redis', () => isHearing && real.every((store) => store.isReady()));
  const redis = createModelRedis(
    () => modelNow,
    (news) => said.push(news),
  );
  redis.isExpiring = false;
  const model = ['a', 'b'].map((gateway) =>
    createModelStore(redis, { gateway, lapseMs, isReady: () => true, run: (work) => Promise.resolve(work()) }),
  );
  return {
    real,
    model,
    heard,
    said,
    travel: (ms: number) => (offsetMs += ms),
    at: (now?: number) => (modelNow = now ?? modelNow),
    close: async () => {
      for (const store of real) store.close();
      await forget(client, keyPrefix);
    },
  };
}

/** Real Redis first: the model then takes place at the same instant. */
async function compare(
  todo: Exclude<Operation, { kind: 'travel' }>,
  { real, model, at }: { real: LimitStore; model: LimitStore; at(now?: number): number },
): Promise<void> {
  const run = operationOn(todo, at());
  const answer = await run(real);
  if (typeof answer === 'object' && 'now' in answer) at(answer.now);
  expect({ todo, answer: await run(model) }).toEqual({ todo, answer });
}

function operationOn(todo: Exclude<Operation, { kind: 'travel' }>, now: number) {
  switch (todo.kind) {
    case 'ask': {
      const question: Question = {
        calls: todo.calls,
        windows: todo.windows.map(({ n, wanted, isOnRecord }) => ({ ...windows[n]!, wanted, isOnRecord })),
        slots: todo.slots && { ...slots, ...todo.slots },
      };
      return (store: LimitStore) => store.ask(question);
    }
    case 'giveBack': {
      const window = windows[todo.n]!;
      return (store: LimitStore) => store.giveBack(window, bucketAt(now, window.windowMs), todo.count);
    }
    case 'merge': {
      const window = windows[todo.n]!;
      const rows = todo.rows.map(({ ago, count }) => ({ bucket: bucketAt(now, window.windowMs) - ago, count }));
      return (store: LimitStore) => store.merge({ ...window, rows });
    }
    case 'hold':
      return (store: LimitStore) => store.hold({ ...slots, count: todo.count });
    case 'beat':
      return (store: LimitStore) => store.beat(todo.isLeaving);
    case 'levels':
      return allLevels;
  }
}

async function allLevels(store: LimitStore): Promise<LevelsPage['levels']> {
  // A scan may show a key twice.
  const all = new Map<string, LevelsPage['levels'][number]>();
  let cursor = '0';
  do {
    const page = await store.levels(cursor);
    for (const level of page.levels) all.set(level.key, level);
    ({ cursor } = page);
  } while (cursor !== '0');
  return [...all.values()].toSorted((a, b) => a.key.localeCompare(b.key));
}

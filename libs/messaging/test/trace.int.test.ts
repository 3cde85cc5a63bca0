import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  context,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { clubChanged, newId } from '@punchcard/contracts';
import { createConsumer } from '../src/consumer.ts';
import { silent } from '../src/log.ts';
import { createRelay } from '../src/relay.ts';
import { on } from '../src/subscription.ts';
import { eventually, givenAnnounced, givenWorld, type World } from './given.ts';

interface Seen {
  name: string;
  traceId: string;
  id: string;
  parentId: string | undefined;
}

const seen: Seen[] = [];
const storage = new AsyncLocalStorage<Context>();

/** As little of an SDK as shows who is whose child. */
function startSpan(name: string, _options?: SpanOptions, parent: Context = context.active()): Span {
  const above = trace.getSpanContext(parent);
  const spanContext = {
    traceId: above?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.SAMPLED,
  };
  const entry = { name, traceId: spanContext.traceId, id: spanContext.spanId, parentId: above?.spanId };
  const span: Record<string, unknown> = { spanContext: () => spanContext, isRecording: () => true };
  for (const method of ['setAttribute', 'setAttributes', 'addEvent', 'setStatus', 'recordException']) {
    span[method] = () => span;
  }
  span['updateName'] = (updated: string) => {
    entry.name = updated;
    return span;
  };
  span['end'] = () => void seen.push(entry);
  return span as unknown as Span;
}

let world: World;
beforeAll(async () => {
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, ...rest) => storage.run(active, () => fn.apply(rest[0] as never, rest.slice(1) as never)),
    bind: (_context, target) => target,
    enable: () => context as never,
    disable: () => context as never,
  });
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) as unknown as Tracer });
  world = await givenWorld();
});
afterAll(async () => {
  trace.disable();
  context.disable();
  await world.close();
});

it('one request is one trace, through outbox and Kafka to the statements of the consumer', async () => {
  const relay = createRelay({ sql: world.sql, kafka: world.kafka, source: 'catalog', log: silent });
  const consumer = createConsumer({
    ...world,
    group: 'ledger',
    log: silent,
    subscriptions: [
      on(clubChanged, async (tx, { data }) => {
        await tx`insert into effects (name) values (${data.name})`;
      }),
    ],
  });
  relay.start();
  consumer.start();
  world.closing.push(
    () => consumer.stop(),
    () => relay.stop(),
  );
  const partnerId = newId();
  const request = startSpan('request');
  await context.with(trace.setSpan(ROOT_CONTEXT, request), () => givenAnnounced(world, partnerId, ['a']));
  request.end();
  expect(await consumer.copies.waitFor({ catalog: 1 }, partnerId, 20_000)).toBe(true);

  const { traceId } = request.spanContext();
  const spanOf = (name: string) => seen.find((span) => span.traceId === traceId && span.name === name);
  const topic = world.kafka.topicName('catalog');
  // Both end after their event can be seen.
  await eventually(async () => spanOf(`send ${topic}`) && spanOf(`process ${topic}`));
  expect(spanOf(`send ${topic}`)?.parentId).toBe(spanOf('request')!.id);
  expect(spanOf(`process ${topic}`)?.parentId).toBe(spanOf(`send ${topic}`)!.id);
  expect(spanOf('insert effects')?.parentId).toBe(spanOf(`process ${topic}`)!.id);
  expect(spanOf('insert outbox')?.parentId).toBe(spanOf('request')!.id);
  // Polls and look-ups make no traces of their own.
  expect(seen.filter((span) => span.traceId !== traceId)).toEqual([]);
});

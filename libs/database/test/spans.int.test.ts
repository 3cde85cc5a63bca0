import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { createLanes, inBatch, type RunBatch } from '../src/index.ts';

const exporter = new InMemorySpanExporter();
let database: TestDatabase;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  database = await createTestDatabase('shared');
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  await database.drop();
  trace.disable();
  context.disable();
});

/** Runs work as one request that is being traced. */
const asRequest = <T>(name: string, work: () => PromiseLike<T>): Promise<T> =>
  trace.getTracer('test').startActiveSpan(name, async (span: Span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
const spans = () => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name)!;

describe('spans', () => {
  it('shows a query as a client span of what runs, with its text and none of its values', async () => {
    await asRequest(
      'request',
      () => database.sql`select last from sequences where partner_id = ${'0192f0c1-2b7e-7000-8000-000000000001'}`,
    );

    const [query, request] = spans();
    expect(query).toMatchObject({
      name: 'select sequences',
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system': 'postgresql',
        'db.query.text': 'select last from sequences where partner_id = $1',
      },
    });
    expect(query!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
  });

  it('shows a refused query as an error', async () => {
    await asRequest('request', () => database.sql`select 1 / ${0}::int`).catch(() => undefined);

    expect(named('select')).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
  });

  it('makes none outside of a trace', async () => {
    await database.sql`select 1`;

    expect(spans()).toEqual([]);
  });

  it('puts a batch into the trace of its first command and links it to the others', async () => {
    const run: RunBatch<string, string> = (commands) =>
      inBatch(
        database.sql,
        (tx) => tx`select 1`,
        (tx) => ({
          answer: commands.map((value) => ({ status: 'fulfilled' as const, value })),
          statements: [tx`select 2 from sequences`],
        }),
      );
    const lanes = createLanes({ lanes: 1, laneOf: () => 'one', run });

    await Promise.all(['a', 'b'].map((name) => asRequest(name, () => lanes.submit(name))));
    await lanes.submit('untraced');

    const [first, second] = [named('a').spanContext(), named('b').spanContext()];
    const batches = spans().filter(({ name }) => name === 'batch');
    expect(batches).toHaveLength(1);
    expect(batches[0]!.spanContext().traceId).toBe(first.traceId);
    expect(batches[0]!.links.map((link) => link.context.spanId)).toEqual([second.spanId]);
    expect(named('select sequences').parentSpanContext?.spanId).toBe(batches[0]!.spanContext().spanId);
  });
});

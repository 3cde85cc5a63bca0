import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import type { Query } from './driver.ts';

const tracer = trace.getTracer('@punchcard/database');

/** Makes a query a client span of what is active when it is sent. Costs next to nothing without a recording span. */
export function traced(query: Query): Query {
  if (!trace.getActiveSpan()?.isRecording()) return query;
  const { handler, resolve, reject } = query;
  let span: Span | undefined;
  const finish = (error?: unknown) => {
    if (!span) return;
    const text = (query.string ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 2_000);
    span.updateName(nameOf(text)).setAttribute('db.query.text', text);
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    span.end();
    span = undefined;
  };
  query.handler = (sent) => {
    const attributes = { 'db.system.name': 'postgresql', 'db.system': 'postgresql' };
    span = tracer.startSpan('sql', { kind: SpanKind.CLIENT, attributes });
    (query.handler = handler)(sent);
  };
  query.resolve = (result) => {
    finish();
    resolve(result);
  };
  query.reject = (error) => {
    finish(error);
    reject(error);
  };
  return query;
}

/** `insert accounts`; the verb alone when the table is not plain to see. */
function nameOf(text: string): string {
  const verb = /^\w+/.exec(text)?.[0].toLowerCase() ?? 'sql';
  const table = /\b(?:from|into|update)\s+(?:only\s+)?"?(\w+)/i.exec(text)?.[1];
  return table ? `${verb} ${table}` : verb;
}

/** The context that a command came with, if it is being traced. */
export const tracedContext = (): Context | undefined =>
  trace.getActiveSpan()?.isRecording() ? context.active() : undefined;

/** Runs a batch as one span: a child of the first command that is traced, linked to the others. */
export async function inBatchSpan<T>(contexts: readonly (Context | undefined)[], run: () => Promise<T>): Promise<T> {
  const [first, ...others] = contexts.filter((found) => found !== undefined);
  // Else it would run in the context of whoever woke the lane.
  if (!first) return context.with(ROOT_CONTEXT, run);
  const links = others.flatMap((other) => {
    const linked = trace.getSpanContext(other);
    return linked ? [{ context: linked }] : [];
  });
  const span = tracer.startSpan('batch', { links, attributes: { 'punchcard.batch.size': contexts.length } }, first);
  try {
    return await context.with(trace.setSpan(first, span), run);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}

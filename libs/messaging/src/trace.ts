import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

const tracer = trace.getTracer('@punchcard/messaging');

/** The W3C `traceparent` of the span that is active now, to be kept with an outbox row. */
export const currentTraceparent = (): string | null => traceparentOf(trace.getActiveSpan()?.spanContext());

export const traceparentOf = (span: SpanContext | undefined): string | null =>
  span && isSpanContextValid(span)
    ? `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`
    : null;

/** The context in which the span of a `traceparent` is the parent; without one, a context without parent. */
function contextOf(traceparent: string | null | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

interface MessageSpan {
  operation: 'send' | 'process';
  topic: string;
  traceparent: string | null | undefined;
  attributes: Attributes;
}

/** A span of one message. Without `traceparent` there is none: polls and sweeps make no traces of their own. */
export function startMessageSpan({ operation, topic, traceparent, attributes }: MessageSpan): Span | undefined {
  if (!traceparent) return undefined;
  return tracer.startSpan(
    `${operation} ${topic}`,
    {
      kind: operation === 'send' ? SpanKind.PRODUCER : SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': operation,
        'messaging.operation.name': operation,
        'messaging.destination.name': topic,
        ...attributes,
      },
    },
    contextOf(traceparent),
  );
}

/** The context in which a span is active. */
export const activeIn = (span: Span | undefined): Context => (span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT);

export function failSpan(span: Span | undefined, error: unknown): void {
  span?.recordException(error instanceof Error ? error : String(error));
  span?.setStatus({ code: SpanStatusCode.ERROR });
}

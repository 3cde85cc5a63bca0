import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';

/** Spans wait this long for company; a trace is whole soon after. */
const EXPORT_EVERY_MS = 1_000;

/** Starts tracing: spans of http, undici, Express and ioredis, W3C trace context in and out, OTLP over HTTP. */
export function startTracing(source: NodeJS.ProcessEnv): void {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceNameOf(process.argv[1]) }))
      .merge(detectResources({ detectors: [envDetector] })),
    // What a caller has decided holds; the ratio is for traces that begin here.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratioOf(source['OTEL_TRACES_SAMPLER_ARG'])) }),
    spanProcessors: [
      withoutQueries,
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: EXPORT_EVERY_MS }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url = '' }) => /^\/(health\/|metrics)/.test(url) }),
      new UndiciInstrumentation(),
      new ExpressInstrumentation(),
      new IORedisInstrumentation(),
    ],
  });
}

/**
 * Takes the queries out of the addresses that spans tell. They name members by e-mail, show codes of vouchers, and hold keys that
 * somebody put there by mistake: none of it is for whoever reads traces.
 */
const withoutQueries: SpanProcessor = {
  onStart: (span) => {
    const { 'url.full': full, 'url.query': query } = span.attributes;
    if (typeof full === 'string') span.setAttribute('url.full', full.split('?', 1)[0]!);
    if (query !== undefined) span.setAttribute('url.query', '');
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** `services/ledger/src/main.ts` is `ledger`; `OTEL_SERVICE_NAME` says otherwise. */
function serviceNameOf(main = ''): string {
  return /services\/([\w-]+)\/src/.exec(main)?.[1] ?? 'punchcard';
}

function ratioOf(text = '1'): number {
  const ratio = Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

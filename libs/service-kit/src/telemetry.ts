/**
 * Preload of every service: `node --import @punchcard/service-kit/telemetry services/x/src/main.ts`. Does nothing without an OTLP
 * endpoint. The module hooks must be registered before anything loads the SDK, and the service be loaded after: otherwise only http
 * gives spans, and express and ioredis vanish without a word.
 */
const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = process.env;

if (base || traces) {
  const { register, supportsSyncHooks } = await import('import-in-the-middle/register-hooks.mjs');
  if (!supportsSyncHooks()) throw new Error(`Node ${process.version} has no hooks for telemetry; 24.11.1 or later has`);
  // Only what is instrumented is wrapped: everything else loads as it would without telemetry.
  register({ include: ['http', 'https', 'express', 'ioredis'] });
  const { startTracing } = await import('./tracing.ts');
  startTracing(process.env);
}

export {};

import { resolve } from 'node:path';
import { bootstrapAdminKey } from '@punchcard/contracts';
import { anyPorts, clearStack, startStack } from '@punchcard/local';
import { createInternalClient } from '@punchcard/service-kit';
import { callerSecretsOf } from './given.ts';
import { startSpanReceiver } from './span-receiver.ts';

declare global {
  var stopE2eStack: (() => Promise<void>) | undefined;
}

/**
 * Jest's global setup: the whole of Punchcard on free ports under `.local/e2e`, or `E2E_DIR` for a second run beside another; the
 * tests get its addresses and an admin key.
 */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalSetup(): Promise<void> {
  const dir = resolve(import.meta.dirname, '..', process.env['E2E_DIR'] ?? '.local/e2e');
  await clearStack(dir);
  const receiver = await startSpanReceiver();
  const stack = await startStack({
    dir,
    ports: anyPorts(),
    env: {
      ...process.env,
      // Each test case has an address of its own, as clients behind a proxy have.
      GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      // Nothing is refused only since a busy machine kept a copy waiting.
      COPIES_WAIT_MS: '10000',
      // Only what comes with a sampled `traceparent` is traced.
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER_ARG: '0',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    restart: true,
  });
  globalThis.stopE2eStack = async () => {
    try {
      await stack.stop();
    } finally {
      await receiver.stop();
    }
  };
  const callerSecrets = callerSecretsOf(stack.facts);
  const internal = createInternalClient({
    ...{ baseUrls: stack.urls, callerSecrets, self: 'gateway' },
    // The first call of all: services are cold.
    timeoutMs: 30_000,
  });
  const { key } = await internal.call(bootstrapAdminKey, { body: { name: 'End-to-end tests' } });
  await internal.close();
  const { baseUrl, urls, facts } = stack;
  process.env['E2E'] = JSON.stringify({ baseUrl, urls, facts, adminKey: key, spansUrl: receiver.url });
}

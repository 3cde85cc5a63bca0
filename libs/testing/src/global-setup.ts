import { resolve } from 'node:path';
import { dropLeftovers } from './database.ts';

declare global {
  var stopTestParts: (() => Promise<void>) | undefined;
}

const variables = { postgres: 'TEST_POSTGRES_URL', redis: 'TEST_REDIS_URL', kafka: 'TEST_KAFKA_BROKERS' } as const;

/** Jest's global setup: takes the real parts from the environment, and starts those that it does not name under `.local/test`. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export
export default async function globalSetup(): Promise<void> {
  const only = (['postgres', 'redis', 'kafka'] as const).filter((part) => !process.env[variables[part]]);
  if (only.length === 0) return;
  const { startParts } = await import('@punchcard/local');
  const parts = await startParts({
    dir: resolve(import.meta.dirname, '../../../.local/test'),
    ports: { postgres: 0, redis: 0, kafka: 0, kafkaController: 0 },
    only,
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  globalThis.stopTestParts = () => parts.stop();
  const addresses = { postgres: parts.postgresUrl, redis: parts.redisUrl, kafka: parts.kafkaBrokers };
  for (const part of only) process.env[variables[part]] = addresses[part];
  if (only.includes('postgres')) await dropLeftovers();
}

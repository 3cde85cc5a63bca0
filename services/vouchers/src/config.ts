import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    VOUCHERS_PORT: env.port(4_007),
    VOUCHERS_HOST: env.host,
    VOUCHERS_DATABASE_URL: env.postgresUrl,
    VOUCHERS_DATABASE_POOL_MAX: env.positive(10),
    VOUCHERS_LANES: env.positive(2),
    VOUCHERS_BATCH_POLL_MS: env.positive(500),
    IDENTIFIER_PEPPER: env.pepper,
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
    LEDGER_URL: env.httpUrl,
  })
  .transform((from) => ({
    port: from.VOUCHERS_PORT,
    host: from.VOUCHERS_HOST,
    database: { url: from.VOUCHERS_DATABASE_URL, poolMax: from.VOUCHERS_DATABASE_POOL_MAX },
    lanes: from.VOUCHERS_LANES,
    batchPollMs: from.VOUCHERS_BATCH_POLL_MS,
    identifierPepper: from.IDENTIFIER_PEPPER,
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
    ledgerUrl: from.LEDGER_URL,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

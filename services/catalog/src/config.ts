import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    CATALOG_PORT: env.port(4_002),
    CATALOG_HOST: env.host,
    CATALOG_DATABASE_URL: env.postgresUrl,
    CATALOG_DATABASE_POOL_MAX: env.positive(10),
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
    LEDGER_URL: env.httpUrl,
    STAFF_URL: env.httpUrl,
    VOUCHERS_URL: env.httpUrl,
    CATALOG_CLOSINGS_MS: env.positive(10_000),
  })
  .transform((from) => ({
    port: from.CATALOG_PORT,
    host: from.CATALOG_HOST,
    database: { url: from.CATALOG_DATABASE_URL, poolMax: from.CATALOG_DATABASE_POOL_MAX },
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
    closingsMs: from.CATALOG_CLOSINGS_MS,
    serviceUrls: { ledger: from.LEDGER_URL, staff: from.STAFF_URL, vouchers: from.VOUCHERS_URL },
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

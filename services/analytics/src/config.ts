import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    ANALYTICS_PORT: env.port(4_005),
    ANALYTICS_HOST: env.host,
    ANALYTICS_DATABASE_URL: env.postgresUrl,
    ANALYTICS_DATABASE_POOL_MAX: env.positive(10),
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
  })
  .transform((from) => ({
    port: from.ANALYTICS_PORT,
    host: from.ANALYTICS_HOST,
    database: { url: from.ANALYTICS_DATABASE_URL, poolMax: from.ANALYTICS_DATABASE_POOL_MAX },
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

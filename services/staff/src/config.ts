import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    STAFF_PORT: env.port(4_006),
    STAFF_HOST: env.host,
    STAFF_DATABASE_URL: env.postgresUrl,
    STAFF_DATABASE_POOL_MAX: env.positive(10),
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
  })
  .transform((from) => ({
    port: from.STAFF_PORT,
    host: from.STAFF_HOST,
    database: { url: from.STAFF_DATABASE_URL, poolMax: from.STAFF_DATABASE_POOL_MAX },
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

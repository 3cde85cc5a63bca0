import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    PARTNERS_PORT: env.port(4_001),
    PARTNERS_HOST: env.host,
    PARTNERS_DATABASE_URL: env.postgresUrl,
    PARTNERS_DATABASE_POOL_MAX: env.positive(10),
    REDIS_URL: env.redisUrl,
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
    KEY_PEPPER: env.pepper,
  })
  .transform((from) => ({
    port: from.PARTNERS_PORT,
    host: from.PARTNERS_HOST,
    database: { url: from.PARTNERS_DATABASE_URL, poolMax: from.PARTNERS_DATABASE_POOL_MAX },
    redisUrl: from.REDIS_URL,
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
    keyPepper: from.KEY_PEPPER,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

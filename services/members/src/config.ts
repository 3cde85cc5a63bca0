import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    MEMBERS_PORT: env.port(4_003),
    MEMBERS_HOST: env.host,
    MEMBERS_DATABASE_URL: env.postgresUrl,
    MEMBERS_DATABASE_POOL_MAX: env.positive(10),
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
    KEY_PEPPER: env.pepper,
    IDENTIFIER_PEPPER: env.pepper,
    PARTNERS_URL: env.httpUrl,
  })
  .transform((from) => ({
    port: from.MEMBERS_PORT,
    host: from.MEMBERS_HOST,
    database: { url: from.MEMBERS_DATABASE_URL, poolMax: from.MEMBERS_DATABASE_POOL_MAX },
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
    keyPepper: from.KEY_PEPPER,
    identifierPepper: from.IDENTIFIER_PEPPER,
    partnersUrl: from.PARTNERS_URL,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

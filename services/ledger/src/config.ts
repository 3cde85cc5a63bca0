import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z
  .object({
    LEDGER_PORT: env.port(4_004),
    LEDGER_HOST: env.host,
    LEDGER_DATABASE_URL: env.postgresUrl,
    LEDGER_DATABASE_POOL_MAX: env.positive(10),
    LEDGER_LANES: env.positive(1),
    LEDGER_SWEEP_MS: env.positive(5_000),
    LEDGER_AWARDS_MS: env.positive(1_000),
    LEDGER_RE_PLACE_MS: env.positive(1_000),
    LEDGER_COUNTS_MS: env.positive(500),
    IDENTIFIER_PEPPER: env.pepper,
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    COPIES_WAIT_MS: env.copiesWaitMs,
    CALLER_SECRETS: env.callerSecrets,
  })
  .transform((from) => ({
    port: from.LEDGER_PORT,
    host: from.LEDGER_HOST,
    database: { url: from.LEDGER_DATABASE_URL, poolMax: from.LEDGER_DATABASE_POOL_MAX },
    lanes: from.LEDGER_LANES,
    sweepMs: from.LEDGER_SWEEP_MS,
    awardsMs: from.LEDGER_AWARDS_MS,
    rePlaceMs: from.LEDGER_RE_PLACE_MS,
    countsMs: from.LEDGER_COUNTS_MS,
    identifierPepper: from.IDENTIFIER_PEPPER,
    kafka: {
      brokers: from.KAFKA_BROKERS,
      topicPrefix: from.KAFKA_TOPIC_PREFIX,
      copiesWaitMs: from.COPIES_WAIT_MS,
    },
    callerSecrets: from.CALLER_SECRETS,
  }));

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

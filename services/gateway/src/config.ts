import { otherLimits, failuresPerMinute } from '@punchcard/contracts';
import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';
import { isAddressRange } from './addresses/address-list.ts';

const { join, login, docs } = otherLimits;

const schema = z
  .object({
    GATEWAY_PORT: env.port(4_000),
    GATEWAY_HOST: env.host,
    /** How clients reach this deployment; default: the port on this machine. */
    GATEWAY_BASE_URL: env.httpUrl.optional(),
    GATEWAY_DEPLOYMENT: z.enum(['production', 'staging']).default('production'),
    GATEWAY_TRUSTED_PROXIES: env.list
      .pipe(z.array(z.string().refine(isAddressRange, 'must be an IP address or a CIDR range')))
      .prefault(''),
    GATEWAY_FAILURES_PER_MINUTE: env.positive(failuresPerMinute),
    GATEWAY_JOIN_PER_HOUR: env.positive(join.callsPerHour),
    GATEWAY_JOIN_PER_MINUTE: env.positive(join.callsPerMinute),
    GATEWAY_LOGIN_PER_HOUR: env.positive(login.callsPerHour),
    GATEWAY_LOGIN_PER_MINUTE: env.positive(login.callsPerMinute),
    GATEWAY_DOCS_PER_HOUR: env.positive(docs.callsPerHour),
    GATEWAY_DOCS_PER_MINUTE: env.positive(docs.callsPerMinute),
    GATEWAY_UPSTREAM_TIMEOUT_MS: env.positive(30_000),
    FEATURE_AGENT_API: env.flag(true),
    PARTNER_UPGRADE_URL: env.httpUrl.optional(),
    REDIS_URL: env.redisUrl,
    KAFKA_BROKERS: env.brokers,
    KAFKA_TOPIC_PREFIX: env.topicPrefix,
    CALLER_SECRETS: env.callerSecrets,
    KEY_PEPPER: env.pepper,
    PARTNERS_URL: env.httpUrl,
    CATALOG_URL: env.httpUrl,
    MEMBERS_URL: env.httpUrl,
    LEDGER_URL: env.httpUrl,
    ANALYTICS_URL: env.httpUrl,
    STAFF_URL: env.httpUrl,
    VOUCHERS_URL: env.httpUrl,
  })
  .transform((from) => {
    const baseUrl = (from.GATEWAY_BASE_URL ?? `http://localhost:${from.GATEWAY_PORT}`).replace(/\/+$/, '');
    return {
      port: from.GATEWAY_PORT,
      host: from.GATEWAY_HOST,
      trustedProxies: from.GATEWAY_TRUSTED_PROXIES,
      limits: {
        isStaging: from.GATEWAY_DEPLOYMENT === 'staging',
        failuresPerMinute: from.GATEWAY_FAILURES_PER_MINUTE,
        join: { ...join, callsPerHour: from.GATEWAY_JOIN_PER_HOUR, callsPerMinute: from.GATEWAY_JOIN_PER_MINUTE },
        login: { ...login, callsPerHour: from.GATEWAY_LOGIN_PER_HOUR, callsPerMinute: from.GATEWAY_LOGIN_PER_MINUTE },
        docs: { ...docs, callsPerHour: from.GATEWAY_DOCS_PER_HOUR, callsPerMinute: from.GATEWAY_DOCS_PER_MINUTE },
      },
      upstreamTimeoutMs: from.GATEWAY_UPSTREAM_TIMEOUT_MS,
      isAgentApiOn: from.FEATURE_AGENT_API,
      upgradeUrl: from.PARTNER_UPGRADE_URL ?? `${baseUrl}/console/upgrade`,
      redisUrl: from.REDIS_URL,
      kafka: { brokers: from.KAFKA_BROKERS, topicPrefix: from.KAFKA_TOPIC_PREFIX },
      callerSecrets: from.CALLER_SECRETS,
      keyPepper: from.KEY_PEPPER,
      services: {
        partners: from.PARTNERS_URL,
        catalog: from.CATALOG_URL,
        members: from.MEMBERS_URL,
        ledger: from.LEDGER_URL,
        analytics: from.ANALYTICS_URL,
        staff: from.STAFF_URL,
        vouchers: from.VOUCHERS_URL,
      },
    };
  });

export type Config = z.output<typeof schema>;

export const readConfig = (source?: NodeJS.ProcessEnv): Config => loadConfig(schema, source);

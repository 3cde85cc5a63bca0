import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay, createWriter } from '@punchcard/messaging';
import { createInternalClient, createService, repeat, type Log } from '@punchcard/service-kit';
import { endClosings } from './cards/end-closings.ts';
import { cardHandlers } from './cards/routes.ts';
import { clubHandlers } from './clubs/routes.ts';
import type { Config } from './config.ts';
import { memberHandlers } from './members/routes.ts';
import { rewardHandlers } from './rewards/routes.ts';
import { stampCardHandlers } from './stamp-cards/routes.ts';
import { tierHandlers } from './tiers/routes.ts';
import { onMemberTierChanged } from './usage/on-member-tier-changed.ts';
import { onPointsRedeemed } from './usage/on-points-redeemed.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log, calls: { timeoutMs?: number } = {}) {
  const { callerSecrets } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'catalog' });
  const kafka = createKafka({ ...config.kafka, clientId: 'catalog', log });
  const relay = createRelay({ sql, kafka, source: 'catalog', log });
  const writer = createWriter({ sql, relay, source: 'catalog' });
  const internal = createInternalClient({ ...calls, baseUrls: config.serviceUrls, callerSecrets, self: 'catalog' });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'catalog',
    subscriptions: [onPointsRedeemed, onMemberTierChanged],
    log,
  });

  const service = createService({
    name: 'catalog',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.catalog,
    handlers: {
      ...clubHandlers({ sql, writer, internal }),
      ...cardHandlers({ sql, writer, internal }),
      ...rewardHandlers({ sql, writer }),
      ...tierHandlers({ sql, writer, internal }),
      ...stampCardHandlers({ sql, writer, internal }),
      ...memberHandlers({ sql, internal }),
    },
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });
  const startJobs = () => [
    repeat(() => endClosings({ sql, writer, internal, log }, new Date()), {
      name: 'closings',
      everyMs: config.closingsMs,
      log,
    }),
  ];
  return { service, relay, consumer, internal, startJobs, sql };
}

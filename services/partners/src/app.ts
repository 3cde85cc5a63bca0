import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay, createWriter } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import { Redis } from 'ioredis';
import type { Config } from './config.ts';
import { gatewayRecordHandlers } from './gateway-records/routes.ts';
import { tellGateways } from './invalidation.ts';
import { keyChangeHandlers } from './keys/change-routes.ts';
import { keyHandlers } from './keys/routes.ts';
import { ownKeyHandlers } from './member-keys/own-routes.ts';
import { memberKeyHandlers } from './member-keys/routes.ts';
import { networkHandlers } from './networks/routes.ts';
import { operatorHandlers } from './operators/routes.ts';
import { partnerHandlers } from './partners/routes.ts';
import { onCardChanged, onClubChanged, onRewardChanged, onStampCardChanged } from './usage/on-catalog-changed.ts';
import { onMemberChanged } from './usage/on-member-changed.ts';
import { onStaffChanged } from './usage/on-staff-changed.ts';
import { onVoucherBatchCreated, onVoucherChanged } from './usage/on-vouchers-changed.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const { keyPepper } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'partners' });
  const redis = new Redis(config.redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true });
  redis.on('error', (error) =>
    log.warn({ err: error }, 'Redis is away: gateways learn of changes within 30 s instead of 1.'),
  );
  const kafka = createKafka({ ...config.kafka, clientId: 'partners', log });
  const relay = createRelay({ sql, kafka, source: 'partners', log, onSent: tellGateways(redis) });
  const writer = createWriter({ sql, relay, source: 'partners' });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'partners',
    subscriptions: [
      onClubChanged,
      onCardChanged,
      onRewardChanged,
      onStampCardChanged,
      onMemberChanged,
      onStaffChanged,
      onVoucherChanged,
      onVoucherBatchCreated,
    ],
    log,
  });
  const { copies } = consumer;

  const service = createService({
    name: 'partners',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.partners,
    handlers: {
      ...partnerHandlers({ sql, writer }),
      ...networkHandlers({ sql }),
      ...keyHandlers({ sql, writer, keyPepper }),
      ...keyChangeHandlers({ writer, keyPepper }),
      ...memberKeyHandlers({ sql, writer, copies, keyPepper }),
      ...ownKeyHandlers({ sql, writer, keyPepper }),
      ...gatewayRecordHandlers({ sql }),
      ...operatorHandlers({ writer, keyPepper }),
    },
    callerSecrets: config.callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });
  return { service, relay, consumer, redis, sql };
}

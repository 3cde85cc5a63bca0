import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import type { Config } from './config.ts';
import { onEntriesBooked } from './facts/on-entries-booked.ts';
import { overviewHandlers } from './overview/routes.ts';
import { platformHandlers } from './platform/routes.ts';
import { onClubChanged, onMemberChanged, onPartnerChanged } from './replicas/on-reference-changed.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'analytics' });
  const kafka = createKafka({ ...config.kafka, clientId: 'analytics', log });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'analytics',
    subscriptions: [onPartnerChanged, onClubChanged, onMemberChanged, onEntriesBooked],
    log,
  });
  const { copies } = consumer;

  const service = createService({
    name: 'analytics',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.analytics,
    handlers: { ...overviewHandlers({ sql, copies }), ...platformHandlers({ sql, copies }) },
    callerSecrets: config.callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
    beforeHandler: async ({ marks, caller }) => caller.partner_id && copies.waitFor(marks, caller.partner_id),
  });
  return { service, consumer, sql };
}

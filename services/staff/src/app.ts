import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay, createWriter } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import { onClubChanged } from './clubs/on-club-changed.ts';
import { clubHandlers } from './clubs/routes.ts';
import type { Config } from './config.ts';
import { onPartnerChanged } from './partners/on-partner-changed.ts';
import { staffHandlers } from './staff/routes.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const { callerSecrets } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'staff' });
  const kafka = createKafka({ ...config.kafka, clientId: 'staff', log });
  const relay = createRelay({ sql, kafka, source: 'staff', log });
  const writer = createWriter({ sql, relay, source: 'staff' });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'staff',
    subscriptions: [onClubChanged, onPartnerChanged],
    log,
  });
  const { copies } = consumer;

  const service = createService({
    name: 'staff',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.staff,
    handlers: {
      ...staffHandlers({ sql, writer, copies }),
      ...clubHandlers({ sql }),
    },
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    beforeHandler: async ({ marks, caller }) => caller.partner_id && copies.waitFor(marks, caller.partner_id),
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });
  return { service, relay, consumer, sql };
}

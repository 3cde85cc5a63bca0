import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createKafka, createRelay } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import type { Config } from './config.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const { callerSecrets } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'staff' });
  const kafka = createKafka({ ...config.kafka, clientId: 'staff', log });
  const relay = createRelay({ sql, kafka, source: 'staff', log });

  const service = createService({
    name: 'staff',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.staff,
    handlers: {},
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql) },
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });
  return { service, relay, sql };
}

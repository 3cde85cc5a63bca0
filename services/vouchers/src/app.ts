import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createKafka, createRelay } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import type { Config } from './config.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const { callerSecrets } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'vouchers' });
  const kafka = createKafka({ ...config.kafka, clientId: 'vouchers', log });
  const relay = createRelay({ sql, kafka, source: 'vouchers', log });

  const service = createService({
    name: 'vouchers',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.vouchers,
    handlers: {},
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql) },
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });
  return { service, relay, sql };
}

import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay } from '@punchcard/messaging';
import { createInternalClient, createService, repeat, type Log } from '@punchcard/service-kit';
import { batchHandlers } from './batches/routes.ts';
import { workBatch } from './batches/work-batches.ts';
import { cardHandlers } from './cards/routes.ts';
import { clubHandlers } from './clubs/routes.ts';
import type { Config } from './config.ts';
import { memberVoucherHandlers } from './member-vouchers/routes.ts';
import { createIdentify } from './members/identify.ts';
import { createRedeeming } from './redemptions/lanes.ts';
import { redemptionHandlers } from './redemptions/routes.ts';
import { copiesOf } from './replicas/subscriptions.ts';
import { tierHandlers } from './tiers/routes.ts';
import { voucherHandlers } from './vouchers/routes.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log, calls: { timeoutMs?: number } = {}) {
  const { database, lanes, callerSecrets } = config;
  const sql = connect(database.url, { poolMax: database.poolMax, applicationName: 'vouchers' });
  const laneSql = connect(database.url, { poolMax: lanes, applicationName: 'vouchers lanes', byKeyOnly: true });
  const kafka = createKafka({ ...config.kafka, clientId: 'vouchers', log });
  const relay = createRelay({ sql, kafka, source: 'vouchers', log });
  const consumer = createConsumer({ sql, kafka, group: 'vouchers', subscriptions: copiesOf, log });
  const { copies } = consumer;
  const internal = createInternalClient({
    ...calls,
    baseUrls: { ledger: config.ledgerUrl },
    callerSecrets,
    self: 'vouchers',
  });
  const redeeming = createRedeeming({ sql: laneSql, lanes, onRedeemed: relay.nudge });
  const identify = createIdentify(config.identifierPepper);

  const service = createService({
    name: 'vouchers',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.vouchers,
    handlers: {
      ...voucherHandlers({ sql, relay, copies }),
      ...batchHandlers({ sql, relay, copies }),
      ...redemptionHandlers({ sql, redeeming, copies, identify, internal, log }),
      ...memberVoucherHandlers({ sql, copies, internal }),
      ...clubHandlers({ sql }),
      ...tierHandlers({ sql }),
      ...cardHandlers({ sql, internal, log }),
    },
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    beforeHandler: async ({ marks, caller }) => caller.partner_id && copies.waitFor(marks, caller.partner_id),
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });

  const startJobs = () => [
    repeat(() => workBatch({ sql, relay, log }, new Date()), { name: 'batches', everyMs: config.batchPollMs, log }),
  ];
  return { service, redeeming, relay, consumer, internal, startJobs, sql, laneSql };
}

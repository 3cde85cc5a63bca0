import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay } from '@punchcard/messaging';
import { createService, type Log } from '@punchcard/service-kit';
import { balanceHandlers } from './accounts/routes.ts';
import { onVoucherRedeemed } from './awards/on-voucher-redeemed.ts';
import { awardHandlers } from './awards/routes.ts';
import { createBooking } from './booking/lanes.ts';
import { cardHandlers } from './cards/routes.ts';
import type { Config } from './config.ts';
import { createKept } from './counts/kept.ts';
import { estimateHandlers } from './estimates/routes.ts';
import { exportHandlers } from './exports/routes.ts';
import { importHandlers } from './imports/routes.ts';
import { startJobs } from './jobs.ts';
import { createIdentify } from './members/identify.ts';
import { purchaseHandlers } from './purchases/routes.ts';
import { redemptionHandlers } from './redemptions/routes.ts';
import { copiesOf } from './replicas/subscriptions.ts';
import { stampHandlers } from './stamps/routes.ts';
import { standingHandlers } from './standing/routes.ts';
import { transactionHandlers } from './transactions/routes.ts';
import { walletHandlers } from './wallet/routes.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log) {
  const { database, lanes, callerSecrets } = config;
  const sql = connect(database.url, { poolMax: database.poolMax, applicationName: 'ledger' });
  const laneSql = connect(database.url, { poolMax: lanes, applicationName: 'ledger lanes', byKeyOnly: true });
  const kafka = createKafka({ ...config.kafka, clientId: 'ledger', log });
  const relay = createRelay({ sql, kafka, source: 'ledger', log });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'ledger',
    subscriptions: [...copiesOf, onVoucherRedeemed],
    log,
  });
  const { copies } = consumer;
  const booking = createBooking({ sql: laneSql, lanes, copies, onBooked: relay.nudge });
  const identify = createIdentify(config.identifierPepper);
  const kept = createKept(sql);

  const service = createService({
    name: 'ledger',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.ledger,
    handlers: {
      ...purchaseHandlers({ booking, identify }),
      ...redemptionHandlers({ booking, identify }),
      ...awardHandlers({ sql, booking, log }),
      ...estimateHandlers({ sql, copies, identify }),
      ...transactionHandlers({ sql, copies, identify, kept }),
      ...balanceHandlers({ sql, copies }),
      ...walletHandlers({ sql, copies, kept }),
      ...stampHandlers({ sql, booking, copies, identify }),
      ...cardHandlers({ sql }),
      ...standingHandlers({ sql, copies }),
      ...importHandlers({ booking, copies }),
      ...exportHandlers({ sql }),
    },
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    beforeHandler: async ({ marks, caller }) => caller.partner_id && copies.waitFor(marks, caller.partner_id),
    isUnavailable: (thrown) => isConnectionLost(thrown) || isTimeout(thrown),
  });

  const deps = { sql, booking, kept, log, nudge: relay.nudge };
  return { service, booking, relay, consumer, startJobs: () => startJobs(deps, config), sql, laneSql };
}

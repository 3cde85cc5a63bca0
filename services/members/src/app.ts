import { endpointsOf } from '@punchcard/contracts';
import { checkDatabase, connect, isConnectionLost, isTimeout } from '@punchcard/database';
import { createConsumer, createKafka, createRelay, createWriter } from '@punchcard/messaging';
import { createInternalClient, createService, type Log } from '@punchcard/service-kit';
import type { Config } from './config.ts';
import { allMemberHandlers } from './all-members/routes.ts';
import { importHandlers } from './imports/routes.ts';
import { joinPageHandlers } from './join-page/routes.ts';
import { memberHandlers } from './members/routes.ts';
import { profileHandlers } from './profile/routes.ts';
import { registrationHandlers } from './registration/routes.ts';
import { createFindPartner } from './replicas/find-partner.ts';
import { onCardChanged } from './replicas/on-card-changed.ts';
import { onPartnerChanged } from './replicas/on-partner-changed.ts';
import { createRequireCard } from './replicas/require-card.ts';
import { onInteraction } from './use/on-interaction.ts';
import { useHandlers } from './use/routes.ts';

/** Everything of the service, connected but not started. */
export function createApp(config: Config, log: Log, calls: { timeoutMs?: number } = {}) {
  const { keyPepper, identifierPepper, callerSecrets } = config;
  const sql = connect(config.database.url, { poolMax: config.database.poolMax, applicationName: 'members' });
  const kafka = createKafka({ ...config.kafka, clientId: 'members', log });
  const relay = createRelay({ sql, kafka, source: 'members', log });
  const writer = createWriter({ sql, relay, source: 'members' });
  const consumer = createConsumer({
    sql,
    kafka,
    group: 'members',
    subscriptions: [onPartnerChanged, onCardChanged, onInteraction],
    log,
  });
  const { copies } = consumer;
  const findPartner = createFindPartner({ sql, copies });
  const requireCard = createRequireCard({ sql, copies });
  const internal = createInternalClient({
    ...calls,
    baseUrls: { partners: config.partnersUrl },
    callerSecrets,
    self: 'members',
  });

  const isUnavailable = (thrown: unknown) => isConnectionLost(thrown) || isTimeout(thrown);

  const service = createService({
    name: 'members',
    port: config.port,
    host: config.host,
    endpoints: endpointsOf.members,
    handlers: {
      ...memberHandlers({ sql }),
      ...allMemberHandlers({ sql }),
      ...profileHandlers({ sql, writer, identifierPepper }),
      ...useHandlers({ sql }),
      ...registrationHandlers({ sql, writer, findPartner, requireCard, internal, keyPepper, identifierPepper }),
      ...joinPageHandlers({ findPartner, isUnavailable, log }),
      ...importHandlers({ writer, identifierPepper }),
    },
    callerSecrets,
    log,
    ready: { database: () => checkDatabase(sql), consumer: () => consumer.isHealthy() },
    isUnavailable,
    beforeHandler: async ({ marks, caller }) => caller.partner_id && copies.waitFor(marks, caller.partner_id),
  });
  return { service, relay, consumer, internal, sql };
}

import { hostname } from 'node:os';
import { invalidationChannel, type KeyRecord } from '@punchcard/contracts';
import { createKafka } from '@punchcard/messaging';
import { createInternalClient, createOperations, type Log } from '@punchcard/service-kit';
import { Redis } from 'ioredis';
import { createAddressReader } from './addresses/client-address.ts';
import { createAuditBuffer, type AuditBuffer } from './audit/audit-buffer.ts';
import { createAuditTopic } from './audit/audit-topic.ts';
import type { Config } from './config.ts';
import { createAnswerDocs } from './docs/answer-docs.ts';
import { createAgentHealth } from './health/agent-health.ts';
import { createServiceChecks } from './health/service-checks.ts';
import { createKeyRecords, type Ages } from './keys/key-records.ts';
import { createKeyUse } from './keys/key-use.ts';
import { toKnownKey } from './keys/known-key.ts';
import { askPartners, memberOfKey, tellMembers, tellPartners } from './keys/partners.ts';
import { createLimiter } from './limits/limiter.ts';
import type { Settings } from './limits/local.ts';
import { createMarks, marksChannel, type Marks } from './marks/marks.ts';
import { createAnswerMcp } from './mcp/answer-mcp.ts';
import { createNotices, type Notices } from './notices/notices.ts';
import { countLimiterEvent, refusals, showAtScrape } from './observing/gateway-metrics.ts';
import { createObserve } from './observing/observe.ts';
import { createUpstreams } from './proxying/upstreams.ts';
import { answerData } from './requests/answer.ts';
import type { Gateway } from './requests/gateway.ts';
import { createFindRoute, publicRoutes } from './requests/route.ts';
import { createServe } from './requests/serve.ts';
import { createHttpServer } from './server.ts';
import { createAnswerTools } from './tools/answer-tools.ts';
import { createToolsOfKey } from './tools/tools-of-key.ts';

const LIMITER_READY_MS = 5_000;

export interface GatewayParts {
  log: Log;
  keyAges?: Partial<Ages>;
  limiterSettings?: Partial<Settings>;
}

/** The gateway, made of its parts. None of Redis, Kafka and the services needs to be there when it starts. */
export function createGateway(config: Config, { log, keyAges = {}, limiterSettings = {} }: GatewayParts) {
  const redis = new Redis(config.redisUrl, { lazyConnect: true });
  const internal = createInternalClient({
    baseUrls: config.services,
    callerSecrets: config.callerSecrets,
    self: 'gateway',
  });
  const { keys, keyUse, noteUse, stopUse } = createKeys(config, { internal, log, ages: keyAges });
  const { marks, notices } = createNews({ redis, log, keys });
  const limiter = createRedisLimiter(redis, log, limiterSettings);
  const upstreams = createUpstreams({ services: config.services, timeoutMs: config.upstreamTimeoutMs });
  const { audit, topic } = createAudit(config, log);
  const routes = publicRoutes();
  const gateway: Gateway = {
    routes,
    access: { isAgentApiOn: config.isAgentApiOn, upgradeUrl: config.upgradeUrl },
    limits: config.limits,
    keyPepper: config.keyPepper,
    callerSecrets: config.callerSecrets,
    keys,
    limiter,
    marks,
    upstreams,
    ownAnswers: {},
    noteUse,
    observe: createObserve({ audit, refusals, log }),
  };
  gateway.ownAnswers = createOwnAnswers(gateway, config, keyUse);
  const server = createHttpServer({
    hot: createServe(gateway, createAddressReader(config.trustedProxies)),
    app: createOperations({ log, ready: { open: () => !server.isClosing() } }),
    findRoute: createFindRoute(routes),
  });
  showAtScrape(() => numbersOf(gateway, audit));

  return {
    listen: async (): Promise<{ port: number }> => {
      // Quotas are served in full once Redis was met; without it a gateway serves its share (design §3.2).
      await limiter.ready(LIMITER_READY_MS);
      const address = await server.listen(config.port, config.host);
      log.info({ ...address, limiter: limiter.status() }, 'listening');
      return address;
    },
    /** What stops, in the order in which you would close a shop. */
    stopSteps: {
      requests: server.close,
      limits: limiter.close,
      'last use of keys': stopUse,
      audit: audit.close,
      'audit topic': topic.close,
      connections: async () => {
        keys.close();
        marks.close();
        notices.close();
        redis.disconnect();
        await Promise.all([internal.close(), upstreams.close()]);
      },
    },
  };
}

/** What the gateway answers itself. */
function createOwnAnswers(
  gateway: Gateway,
  { upstreamTimeoutMs: timeoutMs, services }: Config,
  keyUse: Keys['keyUse'],
): Gateway['ownAnswers'] {
  const areServicesReady = createServiceChecks(gateway.upstreams, services);
  const healthOf = createAgentHealth({ areServicesReady, keyUse });
  const { docs, docsJson } = createAnswerDocs();
  const toolsOfKey = createToolsOfKey(gateway.access);
  return {
    'agent.health': async (exchange) => {
      const data = await healthOf(exchange.known!);
      if (!exchange.isClosed) answerData(exchange, data);
    },
    'agent.tools': createAnswerTools(toolsOfKey),
    'agent.mcp': createAnswerMcp({ gateway, toolsOfKey, timeoutMs, ownData: { 'agent.health': healthOf } }),
    'agent.docs': docs,
    'agent.docs_json': docsJson,
  };
}

const createRedisLimiter = (redis: Redis, log: Log, settings: Partial<Settings>) =>
  createLimiter({
    redis,
    keyPrefix: 'punchcard:limits:',
    gatewayId: `${hostname()}.${process.pid}`,
    log,
    metrics: { count: countLimiterEvent },
    settings,
  });

type Keys = ReturnType<typeof createKeys>;

function createKeys(
  config: Config,
  { internal, log, ages }: { internal: ReturnType<typeof createInternalClient>; log: Log; ages: Partial<Ages> },
) {
  const keys = createKeyRecords({
    ask: askPartners(internal),
    toKnownKey: toKnownKey(config.limits),
    pepper: config.keyPepper,
    log,
    ages,
  });
  const keyUse = createKeyUse({ record: tellPartners(internal), log });
  const memberUse = createKeyUse({ record: tellMembers(internal), log });
  return {
    keys,
    keyUse,
    noteUse: (record: KeyRecord) => {
      keyUse.note(record.key_id);
      const member = memberOfKey(record);
      if (member !== null) memberUse.note(member);
    },
    stopUse: () => Promise.all([keyUse.close(), memberUse.close()]),
  };
}

/** What partners and other gateways tell. */
function createNews({ redis, log, keys }: { redis: Redis; log: Log; keys: Keys['keys'] }): {
  marks: Marks;
  notices: Notices;
} {
  const marks = createMarks({ tell: (message) => notices.tell(marksChannel, message) });
  const notices: Notices = createNotices({
    redis,
    log,
    listeners: { [invalidationChannel]: keys.forget, [marksChannel]: marks.hear },
    onHearingAgain: keys.doubtAll,
  });
  return { marks, notices };
}

function createAudit({ kafka: { brokers, topicPrefix } }: Config, log: Log) {
  const topic = createAuditTopic(createKafka({ brokers, clientId: 'gateway', log, topicPrefix }));
  return { topic, audit: createAuditBuffer({ send: topic.send, log }) };
}

function numbersOf({ keys, upstreams, limiter }: Gateway, audit: AuditBuffer): Record<string, number> {
  const { known, failedRefreshes } = keys.stats();
  const { gateways, isAlone } = limiter.status();
  const { waiting, dropped } = audit.stats();
  return {
    keys_known: known,
    key_refreshes_failed: failedRefreshes,
    requests_waiting: upstreams.waiting.size,
    gateways,
    is_without_redis: isAlone ? 1 : 0,
    audit_waiting: waiting,
    audit_dropped: dropped,
  };
}

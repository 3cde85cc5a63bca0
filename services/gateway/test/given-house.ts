import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AppError,
  findKey,
  notFound,
  recordKeyUse,
  type Answer,
  type Caller,
  type KeyRecord,
} from '@punchcard/contracts';
import { createKafka } from '@punchcard/messaging';
import { CALLER_HEADER, createLog, createService, verifyCaller } from '@punchcard/service-kit';
import { createGateway } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Ages } from '../src/keys/key-records.ts';
import { pepper } from './given.ts';
import { someAddress } from './http.ts';

const secret = 'a-secret-of-the-tests-0123456789-abcdef';
export const callerSecrets = [{ kid: 'test', secret }];
const log = createLog('test', { level: process.env['TEST_LOG'] ?? 'silent' });

/** What reached a service. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  caller: Caller;
}

type Answering = (seen: Seen, response: ServerResponse, request: IncomingMessage) => unknown;

export const answerJson =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answering =>
  (_seen, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Stands for every service but `partners`: says what it is told to say, and remembers what it was asked. */
export async function givenService() {
  const service = {
    seen: [] as Seen[],
    /** What the gateway tells by itself, whenever it does. */
    told: [] as Seen[],
    isReady: true,
    answer: answerJson(200, { error: false, data: [] }),
    /** Is called with the head of a request, before its body is read. */
    onHead: null as null | ((request: IncomingMessage, response: ServerResponse) => unknown),
    url: '',
    close: () => server.close(),
  };
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const { method = '', url = '', headers } = request;
    if (url === '/health/ready') return void response.writeHead(service.isReady ? 200 : 503).end();
    const isInternal = url.startsWith('/internal/');
    if (service.onHead && !isInternal) return void service.onHead(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const caller = verifyCaller(
        String(headers[CALLER_HEADER]),
        { audience: ownerOf(url), method, path: url.split('?')[0]! },
        callerSecrets,
      );
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString(), caller };
      if (isInternal) {
        service.told.push(seen);
        return void answerJson(200, { error: false, data: [] })(seen, response, request);
      }
      service.seen.push(seen);
      service.answer(seen, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

/** Of the endpoints that these tests call. */
function ownerOf(url: string): string {
  if (url.startsWith('/api/partners/')) return 'analytics';
  if (url.startsWith('/api/join/') || /^\/(internal|api\/agent\/v1\/admin)\/members/.test(url)) return 'members';
  return url.includes('/transactions') ? 'ledger' : 'catalog';
}

/** Stands for `partners`: knows the keys that it is given. */
export async function givenPartners() {
  const keys = new Map<string, KeyRecord>();
  const used: { key_id: string; at: string }[] = [];
  const state = { asked: 0, isDown: false };
  const service = createService({
    name: 'partners',
    port: 0,
    endpoints: [findKey, recordKeyUse],
    handlers: {
      'internal.keys.find': ({ body: { hash } }) => {
        state.asked++;
        const record = keys.get(hash);
        if (state.isDown) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'partners' } });
        if (!record) throw notFound('key', null);
        return Promise.resolve(record as Answer<typeof findKey>);
      },
      'internal.keys.record_use': ({ body }) => {
        used.push(...body.used);
        return Promise.resolve({ recorded: body.used.length });
      },
    },
    callerSecrets,
    log,
    ready: {},
  });
  const { port } = await service.listen();
  return { keys, used, state, url: `http://127.0.0.1:${port}`, close: service.close };
}

export interface HouseOptions {
  partnersUrl: string;
  serviceUrl: string;
  env?: Record<string, string>;
  keyAges?: Partial<Ages>;
}

const topicPrefix = 'gateway-test';
export const kafka = createKafka({
  brokers: process.env['TEST_KAFKA_BROKERS'] ?? '',
  clientId: 'gateway-test',
  topicPrefix,
});

const givenAuditTopic = () =>
  kafka.withAdmin((admin) =>
    admin.createTopics({ topics: [{ topic: kafka.topicName('audit'), numPartitions: 1 }], timeout: 60_000 }),
  );

/** All of it, with one gateway. */
export async function givenHouse(env: Record<string, string> = {}) {
  const [partners, service] = await Promise.all([givenPartners(), givenService(), givenAuditTopic()]);
  const gateway = await givenGateway({ partnersUrl: partners.url, serviceUrl: service.url, env });
  return {
    partners,
    service,
    gateway,
    /** Makes a key known to `partners`, and gives the headers that show it, from an address of its own. */
    headersOf: ({ key, secret, hash, record }: { key: string; secret?: string; hash: string; record: KeyRecord }) => {
      partners.keys.set(hash, record);
      const shown = secret === undefined ? { 'x-agent-key': key } : { 'x-api-key': key, 'x-api-secret': secret };
      return { ...shown, 'x-forwarded-for': someAddress() };
    },
    stop: async () => {
      await gateway.stop();
      await partners.close();
      service.close();
    },
  };
}

export type House = Awaited<ReturnType<typeof givenHouse>>;

/** A gateway on a free port, which waits for a slow machine. Tests trust loopback and give each case an address of its own. */
export async function givenGateway({ partnersUrl, serviceUrl, env = {}, keyAges = {} }: HouseOptions) {
  const config = readConfig({
    GATEWAY_PORT: '0',
    GATEWAY_BASE_URL: 'https://loyalty.example',
    GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    REDIS_URL: process.env['TEST_REDIS_URL'],
    KAFKA_BROKERS: process.env['TEST_KAFKA_BROKERS'],
    KAFKA_TOPIC_PREFIX: topicPrefix,
    CALLER_SECRETS: `test:${secret}`,
    KEY_PEPPER: pepper,
    PARTNERS_URL: partnersUrl,
    CATALOG_URL: serviceUrl,
    MEMBERS_URL: serviceUrl,
    LEDGER_URL: serviceUrl,
    ANALYTICS_URL: serviceUrl,
    STAFF_URL: serviceUrl,
    VOUCHERS_URL: serviceUrl,
    ...env,
  });
  const gateway = createGateway(config, { log, keyAges, limiterSettings: { askTimeoutMs: 5_000 } });
  const { port } = await gateway.listen();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      for (const step of Object.values(gateway.stopSteps)) await step();
    },
  };
}

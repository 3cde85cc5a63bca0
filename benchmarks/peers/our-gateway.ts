import { createHash } from 'node:crypto';
import { findKey, newId, notFound, recordKeyUse, recordMemberUse, type Answer } from '@punchcard/contracts';
import { createKafka, ensureTopics } from '@punchcard/messaging';
import { environmentOf, freePort, anyPorts, type Parts } from '@punchcard/local';
import { createLog, createService, keyHash, newKey } from '@punchcard/service-kit';
import { onMeasuredCore } from '../lib/cores.ts';
import { repository } from '../lib/folders.ts';
import { answers, runProcess } from '../lib/run-process.ts';
import type { Peer } from './peer.ts';

const secret = createHash('sha256').update(newId()).digest('hex');
const keysOfPartner = 10;
/** Of the topics. */
const prefix = 'benchmark';

export interface OurWish {
  name: string;
  parts: Parts;
  partners: number;
  /** Of each key. The hour and the requests at once are those of the enterprise plan. */
  callsPerMinute: number;
}

/**
 * The gateway as it runs, with real Redis and Kafka; only `partners`, which it asks for a key once in 15 to 20 s, is a stand-in that knows
 * as many partners of the enterprise plan as are wanted.
 */
export function ourGateway({ name, parts, partners: count, callsPerMinute }: OurWish) {
  const partners = Array.from({ length: count }, () => Array.from({ length: keysOfPartner }, () => newKey('partner')));
  const records = new Map(partners.flatMap((keys) => recordsOf(keys, callsPerMinute)));
  const peer: Peer = {
    name,
    job: 'keys, scopes, three limits, audit, token',
    start: async ({ upstream }) => {
      const standIn = await startPartners(records);
      await ensureTopics(createKafka({ brokers: parts.kafkaBrokers, clientId: 'benchmark', topicPrefix: prefix }));
      const port = await freePort();
      const ports = { ...anyPorts(), gateway: port };
      const secrets = {
        postgresPassword: '',
        callerSecrets: `b:${secret}`,
        keyPepper: secret,
        identifierPepper: secret,
      };
      const facts = { ...parts, ports, secrets, prefix };
      const urls = Object.keys(environmentOf('gateway', facts)).filter((variable) => /^[A-Z]+_URL$/.test(variable));
      const [command, args] = onMeasuredCore(process.execPath, ['services/gateway/src/main.ts']);
      const service = `http://${upstream.host}:${upstream.port}`;
      const child = await runProcess({
        ...{ name: `gateway-${port}`, command, args, cwd: repository },
        env: {
          ...process.env,
          ...environmentOf('gateway', facts),
          ...Object.fromEntries(urls.map((variable) => [variable, service])),
          ...{ REDIS_URL: parts.redisUrl, PARTNERS_URL: standIn.url, LOG_LEVEL: 'warn' },
        },
        isReady: () => answers(`http://127.0.0.1:${port}/health/ready`),
      });
      const stop = async () => (await child.stop(), standIn.close());
      return { pid: child.pid, stop, url: `http://127.0.0.1:${port}` };
    },
  };
  return Object.assign(peer, { partners, keys: partners.flat() });
}

type KeyRecord = Answer<typeof findKey>;

function recordsOf(keys: readonly string[], callsPerMinute: number): [hash: string, record: KeyRecord][] {
  const { partner, ...rest } = findKey.answer.parse(findKey.example.answer);
  const id = newId();
  return keys.map((key) => {
    const record = { ...rest, key_id: newId(), rate_limit: callsPerMinute, scopes: ['admin'] };
    return [
      keyHash(secret, key),
      { ...record, partner: partner && { ...partner, id, plan: 'enterprise' } } as KeyRecord,
    ];
  });
}

async function startPartners(records: ReadonlyMap<string, KeyRecord>) {
  const service = createService({
    name: 'partners',
    port: 0,
    endpoints: [findKey, recordKeyUse, recordMemberUse],
    handlers: {
      'internal.keys.find': ({ body: { hash } }) => {
        const record = records.get(hash);
        if (!record) throw notFound('key', null);
        return Promise.resolve(record);
      },
      'internal.keys.record_use': ({ body }) => Promise.resolve({ recorded: body.used.length }),
      'internal.members.record_use': ({ body }) => Promise.resolve({ recorded: body.used.length }),
    },
    callerSecrets: [{ kid: 'b', secret }],
    log: createLog('stand-in', { level: 'silent' }),
    ready: {},
  });
  const { port } = await service.listen();
  return { url: `http://127.0.0.1:${port}`, close: service.close };
}

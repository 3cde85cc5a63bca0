import { connect as connectSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, Partitioners, type Admin, type ISocketFactory, type LogEntry, type Producer } from 'kafkajs';
import { calmTimers } from './kafkajs-timers.ts';
import { silent, type Log } from './log.ts';
import { client, copies } from './retries.ts';

export interface KafkaOptions {
  /** `host:port` of brokers, as a list or separated by commas. */
  brokers: readonly string[] | string;
  clientId: string;
  log?: Log;
  /** First part of every topic and group name. */
  topicPrefix?: string;
  /** How long a write waits until its events are on their topic, and a request until a copy has what it needs. */
  copiesWaitMs?: number;
}

/** A Kafka cluster and the names of our topics in it. Opens no connection by itself. */
export interface KafkaClient {
  readonly raw: Kafka;
  readonly topicPrefix: string;
  readonly log: Log;
  readonly copiesWaitMs: number;
  /** `catalog` > `punchcard.catalog` */
  topicName(topic: string): string;
  /** `punchcard.catalog` > `catalog`; undefined when it is not ours. */
  topicOf(name: string): string | undefined;
  groupId(group: string): string;
  dlqName(topic: string, group: string): string;
  /** Acknowledged by all in-sync replicas, one request at a time, without duplicates of its own retries. */
  producer(): Producer;
  /** Runs `work` with a connected admin client. `retries` 0: the first failure counts. */
  withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
}

/** Describes a Kafka cluster. All retry settings are in `retries.ts`; a broker that restarts is met again by itself. */
export function createKafka(options: KafkaOptions): KafkaClient {
  const { brokers, clientId, log = silent, topicPrefix = 'punchcard', copiesWaitMs = copies.waitMs } = options;
  calmTimers();
  const raw = new Kafka({
    clientId,
    brokers: typeof brokers === 'string' ? brokers.split(',').map((broker) => broker.trim()) : [...brokers],
    connectionTimeout: client.connectionTimeout,
    requestTimeout: client.requestTimeout,
    retry: client.retry,
    socketFactory,
    logLevel: logLevel.WARN,
    // In an outage kafkajs tells of every try. Relay and consumer say once that it began, and once that it ended.
    logCreator: () => (entry) => log.debug(fieldsOf(entry), `kafkajs: ${entry.log.message}`),
  });
  return {
    raw,
    topicPrefix,
    log,
    copiesWaitMs,
    topicName: (topic) => `${topicPrefix}.${topic}`,
    topicOf: (name) => (name.startsWith(`${topicPrefix}.`) ? name.slice(topicPrefix.length + 1) : undefined),
    groupId: (group) => `${topicPrefix}.${group}`,
    dlqName: (topic, group) => `${topicPrefix}.${topic}.${group}.dlq`,
    producer: () =>
      raw.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        // murmur2, as the Java client: other tools find a key on the same partition.
        createPartitioner: Partitioners.DefaultPartitioner,
      }),
    withAdmin: async (work) => {
      const admin = raw.admin();
      try {
        await admin.connect();
        return await work(admin);
      } finally {
        await admin.disconnect();
      }
    },
  };
}

/** Whether Kafka could not be reached, or did not do what was asked. */
export const isKafkaError = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');

// As kafkajs makes them, but without Nagle's delay.
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl ? connectTls({ host, port, ...ssl }, onConnect) : connectSocket({ host, port }, onConnect);
  socket.setKeepAlive(true, 60_000);
  socket.setNoDelay(true);
  return socket;
};

const fieldsOf = ({ namespace, log }: LogEntry): object => {
  const { message: _message, timestamp: _timestamp, ...fields } = log;
  return { namespace, ...fields };
};

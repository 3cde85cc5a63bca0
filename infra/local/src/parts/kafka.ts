import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import { repository } from '../folders.ts';
import type { ProcessSpec } from '../processes/child.ts';
import type { Note } from '../progress.ts';
import { run } from './commands.ts';
import { kafkaLibs } from './kafka-libs.ts';
import { kafkaAnswers } from './probes.ts';

export type KafkaOptions = { folders: Folders; port: number; controllerPort: number };

/** One broker that is its own controller (KRaft), on the loopback address only. */
export const brokerProperties = (options: { port: number; controllerPort: number; data: string }): string => {
  const { port, controllerPort, data } = options;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    // A topic that a typo names must be an error.
    'auto.create.topics.enable': 'false',
    'num.partitions': '3',
    'offsets.topic.num.partitions': '8',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A killed broker is let in again only when its old session is over: 9 s by default.
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '1000',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};

const isFormatted = (data: string): boolean => existsSync(join(data, 'meta.properties'));

/** A cluster id is a UUID in base64; one that began with a dash would be taken for an option. */
const clusterId = (): string => `P${randomBytes(16).toString('base64url').slice(1, 22)}`;

/** The JVM writes the archive's header last: until then its first bytes are zero. */
const isWhole = (archive: string): boolean => {
  if (!existsSync(archive)) return false;
  const file = openSync(archive, 'r');
  const magic = Buffer.alloc(4);
  readSync(file, magic);
  closeSync(file);
  return magic.readUInt32LE() !== 0;
};

/**
 * What the JVM may leave out: measured on two cores, a start costs 6.0 s of CPU as it is, 3.6 s with an archive of its loaded
 * classes, 2.1 s without the optimising compiler besides, which a broker for one machine does not need.
 * The archive is written when a broker that had none ends.
 */
const quickStart = (libs: string): string[] => {
  const archive = join(libs, 'classes.jsa');
  const classes = isWhole(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${archive}`;
  return ['-XX:TieredStopAtLevel=1', classes];
};

/** Fetches Kafka and formats its data on first use, and describes the process of the broker. */
export const prepareKafka = async (options: KafkaOptions, note: Note): Promise<ProcessSpec> => {
  const { folders, port, controllerPort } = options;
  const libs = await kafkaLibs(note);
  const data = join(folders.kafka, 'data');
  const properties = join(folders.kafka, 'server.properties');
  mkdirSync(data, { recursive: true });
  writeFileSync(properties, brokerProperties({ port, controllerPort, data }));

  const logging = `-Dlog4j2.configurationFile=${join(repository, 'infra', 'local', 'kafka', 'log4j2.properties')}`;
  const java = [logging, '-cp', `${libs}/*`];
  if (!isFormatted(data)) {
    note('formatting its data folder');
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', properties]);
  }
  return {
    name: 'kafka',
    kind: 'part',
    command: 'java',
    args: ['-Xms128m', '-Xmx384m', ...quickStart(libs), ...java, 'kafka.Kafka', properties],
    env: { PATH: process.env['PATH'], JAVA_HOME: process.env['JAVA_HOME'] },
    port,
    logFile: join(folders.logs, 'kafka.log'),
    runFolder: folders.run,
    stopSignal: 'SIGTERM',
    isReady: () => kafkaAnswers(`127.0.0.1:${port}`),
    readyTimeoutMs: 90_000,
  };
};

import type { Folders } from '../folders.ts';
import type { Log, Note, Work } from '../progress.ts';
import type { Ports } from '../stack/ports.ts';
import type { Secrets } from '../state/secrets.ts';
import { dockerAnswers, sourceOf } from './choose.ts';
import { dockerPart } from './docker-part.ts';
import { givenPart } from './given-part.ts';
import { prepareKafka } from './kafka.ts';
import { nativePart } from './native-part.ts';
import { partNames, partTitles } from './part.ts';
import type { Part, PartName, Source } from './part.ts';
import { postgresUrl, preparePostgres } from './postgres.ts';
import { kafkaAnswers, postgresAnswers, redisAnswers } from './probes.ts';
import { prepareRedis, redisUrl } from './redis.ts';

export type PlanPartsOptions = {
  folders: Folders;
  ports: Ports;
  secrets: Secrets;
  only: readonly PartName[];
  restart: boolean;
  log: Log;
  /** Addresses of parts that somebody else runs; see partAddresses. */
  given: Partial<Record<PartName, string>>;
  /** PUNCHCARD_PARTS: `native` or `docker`. */
  wish: string | undefined;
  /** Where PostgreSQL's programs are, if not where npm puts them. */
  postgresPrograms?: string | undefined;
};

/** The addresses of parts that the environment names. */
export const partAddresses = (env: NodeJS.ProcessEnv): Partial<Record<PartName, string>> => ({
  ...(env['POSTGRES_URL'] && { postgres: env['POSTGRES_URL'] }),
  ...(env['REDIS_URL'] && { redis: env['REDIS_URL'] }),
  ...(env['KAFKA_BROKERS'] && { kafka: env['KAFKA_BROKERS'] }),
});

const answers: Record<PartName, (url: string) => Promise<boolean>> = {
  postgres: postgresAnswers,
  redis: redisAnswers,
  kafka: kafkaAnswers,
};

const ownUrl = (name: PartName, { ports, secrets }: PlanPartsOptions): string => {
  if (name === 'postgres') return postgresUrl({ port: ports.postgres, password: secrets.postgresPassword });
  return name === 'redis' ? redisUrl(ports.redis) : `127.0.0.1:${ports.kafka}`;
};

const prepare = (name: PartName, options: PlanPartsOptions, note: Note) => {
  const { folders, ports, secrets, postgresPrograms } = options;
  if (name === 'redis') return prepareRedis(folders, ports.redis, note);
  if (name === 'kafka')
    return prepareKafka({ folders, port: ports.kafka, controllerPort: ports.kafkaController }, note);
  const { postgresPassword: password } = secrets;
  return preparePostgres({ folders, port: ports.postgres, password, programs: postgresPrograms }, note);
};

const makePart = (name: PartName, source: Source, options: PlanPartsOptions): ((note: Note) => Part) => {
  const { restart, log, secrets, ports, folders, given } = options;
  const url = given[name] ?? ownUrl(name, options);
  const isReady = () => answers[name](url);
  if (source === 'url') return () => givenPart(name, url, isReady);
  if (source === 'docker') {
    const port = ports[name];
    return () => dockerPart({ name, url, port, root: folders.root, secrets, isReady });
  }
  return (note) => nativePart({ name, url, restart, log, prepare: () => prepare(name, options, note) }, note);
};

const outcome = ({ source, url }: Part): string => {
  if (source === 'url') return 'given by its address';
  const port = url.slice(url.lastIndexOf(':') + 1).replace('/postgres', '');
  return source === 'docker' ? `in Docker, port ${port}` : `port ${port}`;
};

export type PartsPlan = {
  sources: Record<PartName, Source>;
  /** One step a part; they need nothing of each other. */
  steps: { name: PartName; step: Work }[];
  /** The parts that were begun, whether or not they came up. */
  started: Map<PartName, Part>;
};

/** Decides where each part comes from, and gives the steps that start them. */
export const planParts = (options: PlanPartsOptions): PartsPlan => {
  let docker: boolean | undefined;
  const source = (name: PartName) =>
    sourceOf({
      url: options.given[name],
      wish: options.wish,
      dockerAnswers: () => (docker ??= dockerAnswers()),
    });
  const sources = Object.fromEntries(partNames.map((name) => [name, source(name)])) as Record<PartName, Source>;
  const started = new Map<PartName, Part>();
  const steps = options.only.map((name) => ({
    name,
    step: {
      title: partTitles[name],
      run: async (note: Note) => {
        const part = makePart(name, sources[name], options)(note);
        started.set(name, part);
        await part.start();
        return outcome(part);
      },
    },
  }));
  return { sources, steps, started };
};

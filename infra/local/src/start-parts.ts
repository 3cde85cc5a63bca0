import { foldersOf } from './folders.ts';
import type { PartName } from './parts/part.ts';
import { partNames } from './parts/part.ts';
import { partAddresses, planParts } from './parts/plan-parts.ts';
import type { PartsPlan } from './parts/plan-parts.ts';
import { stopLeftovers } from './processes/pid-files.ts';
import { refuseTakenPorts } from './processes/ports.ts';
import { becomeSupervisor, retire } from './processes/supervisor.ts';
import { runSteps } from './progress.ts';
import type { Log } from './progress.ts';
import { portWishes, settlePorts } from './stack/ports.ts';
import type { PortName, Ports } from './stack/ports.ts';
import { loadSecrets } from './state/secrets.ts';

export type PartHandle = {
  /** Of our own process; undefined while it does not run, in Docker, and for a part given by its address. */
  readonly pid: number | undefined;
  /** Sends a signal (SIGTERM); after one that ends a process, waits until it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data, and waits until it answers. */
  start(): Promise<void>;
};

/** PostgreSQL, Redis and Kafka, running. */
export type Parts = {
  postgresUrl: string;
  redisUrl: string;
  kafkaBrokers: string;
  parts: Record<PartName, PartHandle>;
  /** Stops those that were started here; the data stays. */
  stop(): Promise<void>;
};

export type StartPartsOptions = {
  /** The state folder: data, logs, secrets. One start at a time; a second start reuses the data. */
  dir: string;
  /** 0 = any free port; absent = the default. */
  ports?: Partial<Ports>;
  log?: Log;
  /** Which parts; all by default. The addresses of the others are empty. */
  only?: readonly PartName[];
  /** Start a part again by itself when it ends unasked. */
  restart?: boolean;
  /** Names parts that are to be used as they are (POSTGRES_URL, REDIS_URL, KAFKA_BROKERS), and PUNCHCARD_PARTS. */
  env?: NodeJS.ProcessEnv;
  /** Where PostgreSQL's programs are, if not where npm puts them. */
  postgresPrograms?: string;
};

const missing = (name: PartName): PartHandle => {
  const refuse = () => Promise.reject(new Error(`${name} was not started: it is not in \`only\``));
  return { pid: undefined, kill: refuse, start: refuse };
};

/** The parts of a plan whose steps have run. */
export const partsOf = ({ started }: PartsPlan): Parts => {
  const url = (name: PartName) => started.get(name)?.url ?? '';
  const parts = Object.fromEntries(partNames.map((name) => [name, started.get(name) ?? missing(name)]));
  return {
    postgresUrl: url('postgres'),
    redisUrl: url('redis'),
    kafkaBrokers: url('kafka'),
    parts: parts as Record<PartName, PartHandle>,
    stop: async () => {
      await Promise.all([...started.values()].map((part) => part.stop()));
    },
  };
};

const portsNeeded = (only: readonly PartName[]): PortName[] =>
  only.flatMap((name): PortName[] => (name === 'kafka' ? ['kafka', 'kafkaController'] : [name]));

/**
 * Starts the real parts, each from a URL in the environment, else in Docker, else as a process of our own. Ends first what an
 * crashed start with the same folder left running. Throws, with nothing left running, if a port is taken, a part fails, or
 * another process holds the folder.
 */
export const startParts = async (options: StartPartsOptions): Promise<Parts> => {
  const {
    dir,
    log = () => undefined,
    only = partNames,
    restart = false,
    env = process.env,
    postgresPrograms,
  } = options;
  const folders = foldersOf(dir);
  const ports = await settlePorts(options.ports ?? {});
  becomeSupervisor(folders, 0);
  await stopLeftovers(folders.run);
  const plan = planParts({
    ...{ folders, ports, only, restart, log, postgresPrograms },
    secrets: loadSecrets(folders.secrets),
    given: partAddresses(env),
    wish: env['PUNCHCARD_PARTS'],
  });
  const end = async () => {
    await partsOf(plan).stop();
    retire(folders);
  };
  try {
    await refuseTakenPorts(portWishes(ports, plan.sources, portsNeeded(only)));
    await runSteps([{ title: 'Parts', together: plan.steps.map(({ step }) => step) }], log);
  } catch (error) {
    await end();
    throw error;
  }
  return { ...partsOf(plan), stop: end };
};

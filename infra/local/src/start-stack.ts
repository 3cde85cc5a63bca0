import type { ServiceName } from '@punchcard/contracts';
import type { Managed } from './processes/managed.ts';
import { stopLeftovers } from './processes/pid-files.ts';
import { refuseTakenPorts } from './processes/ports.ts';
import { becomeSupervisor, publishFacts, retire } from './processes/supervisor.ts';
import { runSteps } from './progress.ts';
import type { Log } from './progress.ts';
import { seedOnce } from './seed/seed-once.ts';
import { urlOf } from './stack/environment.ts';
import type { StackFacts } from './stack/environment.ts';
import { planStack } from './stack/plan-stack.ts';
import type { StackPlan } from './stack/plan-stack.ts';
import type { Ports } from './stack/ports.ts';
import { serviceNames } from './stack/services.ts';
import type { Parts } from './start-parts.ts';
import { readCredentials } from './state/credentials.ts';
import type { Credentials } from './state/credentials.ts';

export type ServiceHandle = Managed & {
  /** `http://127.0.0.1:4004` */
  readonly url: string;
};

/** The whole of Punchcard, running. */
export type Stack = {
  /** Of the gateway. */
  baseUrl: string;
  urls: Record<ServiceName, string>;
  /** Undefined unless it has been seeded. */
  credentials: Credentials | undefined;
  services: Record<ServiceName, ServiceHandle>;
  parts: Parts['parts'];
  /** Addresses and secrets, for tests that look behind the gateway. */
  facts: StackFacts;
  /** Stops services, then parts; the data stays. */
  stop(): Promise<void>;
};

export type StartStackOptions = {
  /** The state folder: data, logs, secrets, credentials. */
  dir: string;
  /** 0 = any free port; absent = the default. */
  ports?: Partial<Ports>;
  /** Load the sample data, unless this stack has them. */
  seed?: boolean;
  log?: Log;
  /** For every service, on top of what it needs. Default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Start again by itself what ends unasked. Default false: a test decides when a killed service comes back. */
  restart?: boolean;
  /** Begins the names of databases and topics, so that several stacks can share parts. Default `punchcard`. */
  prefix?: string;
  /** Parts that run already. They are used, and not stopped. */
  parts?: Parts;
};

const handleOf = (name: ServiceName, { ports, services }: StackPlan): ServiceHandle => {
  const service = services.get(name);
  if (!service) throw new Error(`${name} was not started`);
  return Object.defineProperty(service, 'url', { value: urlOf(name, ports), enumerable: true }) as ServiceHandle;
};

/** The stack of a plan whose steps have run. */
const stackOf = (plan: StackPlan): Omit<Stack, 'stop'> => {
  const byName = <T>(value: (name: ServiceName) => T) =>
    Object.fromEntries(serviceNames.map((name) => [name, value(name)])) as Record<ServiceName, T>;
  return {
    baseUrl: urlOf('gateway', plan.ports),
    urls: byName((name) => urlOf(name, plan.ports)),
    credentials: readCredentials(plan.folders.credentials),
    services: byName((name) => handleOf(name, plan)),
    parts: plan.parts().parts,
    facts: plan.facts(),
  };
};

/**
 * Brings up parts, databases, topics and services, and waits until every one of them is ready. Ends first what a crashed start
 * with the same folder left running. Throws, with nothing left running, if anything does not come up or another process holds
 * the folder.
 */
export const startStack = async (options: StartStackOptions): Promise<Stack> => {
  const { dir, ports = {}, seed = false, log = () => undefined } = options;
  const { env = process.env, restart = false, prefix = 'punchcard', parts } = options;
  const plan = await planStack({ dir, ports, env, log, restart, prefix, parts });
  const { folders } = plan;
  becomeSupervisor(folders, plan.ports.gateway);
  const end = async () => {
    await plan.stop();
    retire(folders);
  };
  try {
    await stopLeftovers(folders.run);
    await refuseTakenPorts([...plan.partWishes, ...plan.serviceWishes]);
    await runSteps([...plan.startParts, plan.startServices, ...(seed ? [seedOnce(plan)] : [])], log);
    publishFacts(folders, plan.facts());
    return { ...stackOf(plan), stop: end };
  } catch (error) {
    await end();
    throw error;
  }
};

import type { ServiceName } from '@punchcard/contracts';
import { foldersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { partNames } from '../parts/part.ts';
import { partAddresses, planParts } from '../parts/plan-parts.ts';
import type { PartsPlan } from '../parts/plan-parts.ts';
import { manage } from '../processes/managed.ts';
import type { Managed } from '../processes/managed.ts';
import type { Log, Step } from '../progress.ts';
import { partsOf } from '../start-parts.ts';
import type { Parts } from '../start-parts.ts';
import { loadSecrets } from '../state/secrets.ts';
import type { Secrets } from '../state/secrets.ts';
import { migrateAll } from './databases.ts';
import type { StackFacts } from './environment.ts';
import { portWishes, settlePorts } from './ports.ts';
import type { PortName, Ports } from './ports.ts';
import type { PortWish } from '../processes/ports.ts';
import { serviceProcess } from './service-process.ts';
import { serviceNames } from './services.ts';
import { makeTopics } from './topics.ts';

export type PlanStackOptions = {
  dir: string;
  ports: Partial<Ports>;
  env: NodeJS.ProcessEnv;
  log: Log;
  restart: boolean;
  prefix: string;
  /** Parts that run already and are left alone. */
  parts?: Parts | undefined;
};

export type StackPlan = {
  folders: Folders;
  ports: Ports;
  secrets: Secrets;
  /** The ports that must be free before the parts and the services start. */
  partWishes: PortWish[];
  serviceWishes: PortWish[];
  startParts: Step[];
  startServices: Step;
  /** Known once the parts run. */
  facts(): StackFacts;
  parts(): Parts;
  services: Map<ServiceName, Managed>;
  /** Stops what was begun, services before parts. */
  stop(): Promise<void>;
};

const partSteps = (plan: PartsPlan, facts: () => StackFacts): Step[] => {
  const step = (name: string) => plan.steps.filter((each) => each.name === name).map((each) => each.step);
  return [
    {
      title: 'Parts',
      together: [
        { title: 'PostgreSQL and databases', inOrder: [...step('postgres'), migrateAll(facts)] },
        { title: 'Kafka and topics', inOrder: [...step('kafka'), makeTopics(facts)] },
        ...step('redis'),
      ],
    },
  ];
};

const partPorts: PortName[] = ['postgres', 'redis', 'kafka', 'kafkaController'];

/** Decides everything about a stack, and gives the steps that bring it up. Nothing runs yet. */
export const planStack = async (options: PlanStackOptions): Promise<StackPlan> => {
  const { dir, env, log, restart, prefix, parts: given } = options;
  const folders = foldersOf(dir);
  const ports = await settlePorts(options.ports);
  const secrets = loadSecrets(folders.secrets);
  const partsPlan = planParts({
    ...{ folders, ports, secrets, restart, log },
    only: given ? [] : partNames,
    given: partAddresses(env),
    wish: env['PUNCHCARD_PARTS'],
  });
  const parts = () => given ?? partsOf(partsPlan);
  const facts = (): StackFacts => {
    const { postgresUrl, redisUrl, kafkaBrokers } = parts();
    return { ports, secrets, prefix, postgresUrl, redisUrl, kafkaBrokers };
  };
  const services = new Map<ServiceName, Managed>();
  const startService = (name: ServiceName) => async () => {
    const service = manage(serviceProcess(name, { folders, facts: facts(), env }), { restart, log });
    services.set(name, service);
    await service.start();
    return `port ${ports[name]}`;
  };
  return {
    ...{ folders, ports, secrets, services, facts, parts },
    partWishes: given ? [] : portWishes(ports, partsPlan.sources, partPorts),
    serviceWishes: portWishes(ports, partsPlan.sources, serviceNames),
    startParts: partSteps(partsPlan, facts),
    startServices: {
      title: 'Services',
      together: serviceNames.map((name) => ({ title: name, run: startService(name) })),
    },
    stop: async () => {
      await Promise.all([...services.values()].map((service) => service.stop()));
      if (!given) await parts().stop();
    },
  };
};

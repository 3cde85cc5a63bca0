import { freePort } from '../processes/ports.ts';
import type { PortWish } from '../processes/ports.ts';
import type { Source } from '../parts/part.ts';

/** Of everything that listens, the port unless another is chosen. */
export const defaultPorts = {
  gateway: 4000,
  partners: 4001,
  catalog: 4002,
  members: 4003,
  ledger: 4004,
  analytics: 4005,
  staff: 4006,
  vouchers: 4007,
  postgres: 54320,
  redis: 63790,
  kafka: 19092,
  kafkaController: 19093,
};

export type PortName = keyof typeof defaultPorts;
export type Ports = Record<PortName, number>;

export const portNames = Object.keys(defaultPorts) as PortName[];

/** `kafkaController` → `KAFKA_CONTROLLER_PORT`. */
export const portVariable = (name: PortName): string => `${name.replace(/[A-Z]/g, '_$&').toUpperCase()}_PORT`;

/** The ports that the environment chooses: `GATEWAY_PORT=4100`. */
export const portsOf = (env: NodeJS.ProcessEnv): Partial<Ports> => {
  const chosen = portNames.flatMap((name) => {
    const text = env[portVariable(name)];
    if (text === undefined || text === '') return [];
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return [[name, port] as const];
    throw new Error(`${portVariable(name)} is "${text}"; it must be a number from 0 (any free port) to 65535`);
  });
  return Object.fromEntries(chosen);
};

/** All ports: as chosen, else the default; 0 becomes a port that is free now. */
export const settlePorts = async (chosen: Partial<Ports>): Promise<Ports> => {
  const settled = { ...defaultPorts, ...chosen };
  const names = portNames.filter((name) => settled[name] === 0);
  const free = await Promise.all(names.map(() => freePort()));
  names.forEach((name, index) => {
    settled[name] = free[index] ?? 0;
  });
  return settled;
};

/** Free ports for everything: what tests ask for. */
export const anyPorts = (): Ports => Object.fromEntries(portNames.map((name) => [name, 0])) as Ports;

const titles: Partial<Record<PortName, string>> = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  kafka: 'Kafka',
  kafkaController: "Kafka's controller",
};

/** The ports that our own processes need; parts that are given or in Docker are not ours to look at. */
export const portWishes = (ports: Ports, sources: Record<string, Source>, names: readonly PortName[]): PortWish[] => {
  const partOf = (name: PortName) => (name === 'kafkaController' ? 'kafka' : name);
  return names
    .filter((name) => (sources[partOf(name)] ?? 'native') === 'native')
    .map((name) => ({ owner: titles[name] ?? name, variable: portVariable(name), port: ports[name] }));
};

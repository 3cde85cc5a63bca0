import type { ServiceName } from '@punchcard/contracts';
import type { Secrets } from '../state/secrets.ts';
import type { Ports } from './ports.ts';
import { needs, serviceNames } from './services.ts';

/** What the services of one stack share. */
export type StackFacts = {
  ports: Ports;
  secrets: Secrets;
  postgresUrl: string;
  redisUrl: string;
  kafkaBrokers: string;
  /** Begins the names of databases and topics: `punchcard`. */
  prefix: string;
};

/** `http://127.0.0.1:4001` */
export const urlOf = (name: ServiceName, ports: Ports): string => `http://127.0.0.1:${ports[name]}`;

/** The URL of a service's own database on the server. */
export const databaseUrlOf = (name: ServiceName, { postgresUrl, prefix }: StackFacts): string => {
  const url = new URL(postgresUrl);
  url.pathname = `/${prefix}_${name}`;
  return url.href;
};

const upper = (name: ServiceName) => name.toUpperCase();

/** The environment of one service: its port and address, its database, the parts, the other services, the secrets it uses. */
export const environmentOf = (name: ServiceName, facts: StackFacts): Record<string, string> => {
  const { ports, secrets, redisUrl, kafkaBrokers, prefix } = facts;
  const { database, redis, keyPepper, identifierPepper } = needs[name];
  const others = serviceNames.filter((other) => other !== name);
  return {
    [`${upper(name)}_PORT`]: String(ports[name]),
    [`${upper(name)}_HOST`]: '127.0.0.1',
    ...(database && { [`${upper(name)}_DATABASE_URL`]: databaseUrlOf(name, facts) }),
    ...(redis && { REDIS_URL: redisUrl }),
    KAFKA_BROKERS: kafkaBrokers,
    KAFKA_TOPIC_PREFIX: prefix,
    CALLER_SECRETS: secrets.callerSecrets,
    ...(keyPepper && { KEY_PEPPER: secrets.keyPepper }),
    ...(identifierPepper && { IDENTIFIER_PEPPER: secrets.identifierPepper }),
    ...Object.fromEntries(others.map((other) => [`${upper(other)}_URL`, urlOf(other, ports)])),
  };
};

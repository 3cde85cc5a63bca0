import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { repository } from '../folders.ts';
import { waitUntil } from '../processes/wait.ts';
import type { Secrets } from '../state/secrets.ts';
import { run } from './commands.ts';
import type { Part, PartName } from './part.ts';

export type DockerPartOptions = {
  name: PartName;
  url: string;
  port: number;
  /** The state folder: each has containers and volumes of its own. */
  root: string;
  secrets: Secrets;
  isReady: () => Promise<boolean>;
};

const composeFile = join(repository, 'docker-compose.yml');

/** The Compose project of a state folder: two clones on one machine do not share containers. */
export const projectOf = (root: string): string =>
  `punchcard-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;

/** What docker-compose.yml asks for. It names variables of services too, which Compose wants even to start a part. */
const environment = ({ name, port, secrets }: DockerPartOptions): NodeJS.ProcessEnv => ({
  ...process.env,
  [`${name.toUpperCase()}_PORT`]: String(port),
  POSTGRES_PASSWORD: secrets.postgresPassword,
  CALLER_SECRETS: secrets.callerSecrets,
  KEY_PEPPER: secrets.keyPepper,
  IDENTIFIER_PEPPER: secrets.identifierPepper,
});

/** A part as a container of docker-compose.yml, with its port on the loopback address. */
export const dockerPart = (options: DockerPartOptions): Part => {
  const { name, url, root, isReady } = options;
  const compose = (...args: string[]) =>
    run('docker', ['compose', '-f', composeFile, '-p', projectOf(root), ...args], { env: environment(options) });
  return {
    name,
    source: 'docker',
    url,
    pid: undefined,
    start: async () => {
      await compose('up', '--detach', name);
      if (await waitUntil(isReady, { timeoutMs: 90_000, everyMs: 200 })) return;
      throw new Error(`${name} runs in Docker but does not answer at its port: see docker compose logs ${name}`);
    },
    kill: (signal = 'SIGTERM') => compose('kill', '--signal', signal, name),
    stop: () => compose('stop', name),
  };
};

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  defaultFolder,
  environmentOf,
  foldersOf,
  runningFacts,
  type Credentials,
  type StackFacts,
} from '@punchcard/local';
import { addressOf, chooseTarget, isLoopback, refuseProduction } from './address-rules.ts';
import type { Options } from './options.ts';

/** What is put under load, and what we may do there. */
export interface Target {
  baseUrl: string;
  adminKey: string;
  /** A second gateway of the same deployment. */
  secondUrl: string | undefined;
  /** Of the stack that runs on this machine, if that is the target: then gateways can be added to it. */
  stack: StackFacts | undefined;
  /** Where key pairs are made, which no public endpoint does yet; undefined: the load comes over the Agent API alone. */
  partners: { url: string; callerSecrets: string } | undefined;
}

const readCredentials = (file: string): Partial<Credentials> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read`, { cause: error });
  }
};

/** Of the stack itself, whatever the environment says of another deployment; else of the environment. */
function partnersOf(stack: StackFacts | undefined, options: Options): Target['partners'] {
  const { PARTNERS_URL: url, CALLER_SECRETS: callerSecrets } = stack ? environmentOf('gateway', stack) : process.env;
  if (!url || !callerSecrets) return undefined;
  refuseProduction(addressOf(url), options);
  return { url: addressOf(url), callerSecrets };
}

/** The target that options, environment and credentials name together. */
export function findTarget(options: Options): Target {
  const folders = foldersOf(options.dir ? resolve(options.dir) : defaultFolder);
  const file = options.credentials ? resolve(options.credentials) : join(folders.root, 'credentials.json');
  const { base_url: localUrl, admin_key: localKey } = readCredentials(file);
  const { PUNCHCARD_BASE_URL: namedUrl, PUNCHCARD_ADMIN_KEY: namedKey } = process.env;
  const { baseUrl, adminKey } = chooseTarget(
    { baseUrl: options.baseUrl ?? namedUrl, adminKey: namedKey },
    { baseUrl: localUrl, adminKey: localKey, isNamed: options.credentials !== undefined },
  );
  if (!baseUrl) {
    throw new Error(
      `No address: ${file} does not tell. Start a stack (npm start -- --detach), or name another file (--credentials), ` +
        'or set PUNCHCARD_BASE_URL and PUNCHCARD_ADMIN_KEY.',
    );
  }
  const secondUrl = options.secondUrl === undefined ? undefined : addressOf(options.secondUrl);
  for (const url of [baseUrl, ...(secondUrl ? [secondUrl] : [])]) refuseProduction(url, options);
  if (!adminKey) {
    throw new Error(
      `No admin key for ${baseUrl}: set PUNCHCARD_ADMIN_KEY, or name a file that has it (--credentials).`,
    );
  }
  const facts = runningFacts(folders);
  const isOurs = facts !== undefined && isLoopback(baseUrl) && new URL(baseUrl).port === String(facts.ports.gateway);
  const stack = isOurs ? facts : undefined;
  return { baseUrl, adminKey, secondUrl, stack, partners: partnersOf(stack, options) };
}

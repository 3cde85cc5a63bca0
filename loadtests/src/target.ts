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
import { isLoopback, refuseProduction } from './address-rules.ts';
import type { Options } from './options.ts';

/** What is put under load, and what we may do there. */
export interface Target {
  baseUrl: string;
  adminKey: string;
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

const partnersOf = (stack: StackFacts | undefined): Target['partners'] => {
  const env = { ...(stack && environmentOf('gateway', stack)), ...process.env };
  const { PARTNERS_URL: url, CALLER_SECRETS: callerSecrets } = env;
  return url && callerSecrets ? { url, callerSecrets } : undefined;
};

/** The target that options, environment and credentials name together. */
export function findTarget(options: Options): Target {
  const folders = foldersOf(options.dir ? resolve(options.dir) : defaultFolder);
  const file = options.credentials ? resolve(options.credentials) : join(folders.root, 'credentials.json');
  const credentials = readCredentials(file);
  const baseUrl = options.baseUrl ?? process.env['PUNCHCARD_BASE_URL'] ?? credentials.base_url;
  const adminKey = process.env['PUNCHCARD_ADMIN_KEY'] ?? credentials.admin_key;
  if (!baseUrl || !adminKey) {
    throw new Error(
      `No ${baseUrl ? 'admin key' : 'address'}: ${file} does not tell. Start a stack (npm start -- --detach), or name ` +
        'another file (--credentials), or set PUNCHCARD_BASE_URL and PUNCHCARD_ADMIN_KEY.',
    );
  }
  refuseProduction(baseUrl, options);
  const facts = runningFacts(folders);
  const isOurs = facts !== undefined && isLoopback(baseUrl) && new URL(baseUrl).port === String(facts.ports.gateway);
  const stack = isOurs ? facts : undefined;
  return { baseUrl: baseUrl.replace(/\/+$/, ''), adminKey, stack, partners: partnersOf(stack) };
}

import { foldersFrom } from '../../commands/options.ts';
import type { CommonOptions } from '../../commands/options.ts';
import { runningFacts } from '../../processes/supervisor.ts';
import { urlOf } from '../../stack/environment.ts';
import { readCredentials } from '../../state/credentials.ts';

export type AdminOptions = CommonOptions & { url?: string };

export const urlHelp = 'address of the gateway (default: PUNCHCARD_URL, else the stack that runs here)';

export type Connection = { baseUrl: string; key: string };

const addressHere = (options: CommonOptions, env: NodeJS.ProcessEnv): string | undefined => {
  const folders = foldersFrom(options);
  const facts = runningFacts(folders);
  if (facts) return urlOf('gateway', facts.ports);
  // In a container the gateway's own port is all that is known.
  if (env['GATEWAY_PORT']) return `http://127.0.0.1:${env['GATEWAY_PORT']}`;
  return readCredentials(folders.credentials)?.base_url;
};

/**
 * Where to call, and with which admin key. The key of the stack that runs here is never sent to an address that was given.
 * @throws Error that says which variable to set
 */
export const connectionFor = ({ url, ...common }: AdminOptions, env = process.env): Connection => {
  const given = url ?? env['PUNCHCARD_URL'];
  const baseUrl = given ?? addressHere(common, env);
  if (baseUrl === undefined) {
    throw new Error(
      'Punchcard does not run here.\n  Start it (npm start), or name its address: --url or PUNCHCARD_URL.',
    );
  }
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new Error(`"${baseUrl}" is not an address like https://loyalty.example.`);
  }
  const own = given === undefined ? readCredentials(foldersFrom(common).credentials)?.admin_key : undefined;
  const key = env['PUNCHCARD_ADMIN_KEY'] ?? own;
  if (!key) {
    throw new Error(
      'There is no admin key.\n  Set PUNCHCARD_ADMIN_KEY; `punchcard keys create-admin --name …` makes the first one.',
    );
  }
  return { baseUrl, key };
};

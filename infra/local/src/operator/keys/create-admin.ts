import { bootstrapAdminKey } from '@punchcard/contracts';
import { createInternalClient, env as variables } from '@punchcard/service-kit';
import type { CommonOptions } from '../../commands/options.ts';
import { needed, operatorEnvironment } from '../environment.ts';

export type CreateAdminOptions = CommonOptions & { name: string };

/** `punchcard keys create-admin`: needs no other key, but the secrets of the deployment. */
export const createAdmin = async ({ name, ...common }: CreateAdminOptions): Promise<void> => {
  const env = operatorEnvironment('gateway', common);
  const client = createInternalClient({
    baseUrls: { partners: needed(env, 'PARTNERS_URL') },
    callerSecrets: variables.callerSecrets.parse(needed(env, 'CALLER_SECRETS')),
    self: 'gateway',
    timeoutMs: 10_000,
  });
  try {
    const { key, key_id: id } = await client.call(bootstrapAdminKey, { body: { name } });
    console.error(`Admin key "${name}" (${id}). It is shown this once:`);
    // Alone on standard output, so that it can be piped into a secret store.
    console.log(key);
  } finally {
    await client.close();
  }
};

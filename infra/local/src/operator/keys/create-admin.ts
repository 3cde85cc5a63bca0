import { bootstrapAdminKey } from '@punchcard/contracts';
import type { CommonOptions } from '../../commands/options.ts';
import { withService } from '../internal-api.ts';

export type CreateAdminOptions = CommonOptions & { name: string };

/** `punchcard keys create-admin`: needs no other key, but the secrets of the deployment. */
export const createAdmin = ({ name, ...common }: CreateAdminOptions): Promise<void> =>
  withService('partners', common, async (client) => {
    const { key, key_id: id } = await client.call(bootstrapAdminKey, { body: { name } });
    console.error(`Admin key "${name}" (${id}). It is shown this once:`);
    // Alone on standard output, so that it can be piped into a secret store.
    console.log(key);
  });

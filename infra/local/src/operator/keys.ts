import { bootstrapAdminKey } from '@punchcard/contracts';
import { createInternalClient, env as variables } from '@punchcard/service-kit';
import type { Command } from 'commander';
import type { CommonOptions } from '../commands/options.ts';
import { dirHelp } from '../commands/options.ts';
import { needed, operatorEnvironment } from './environment.ts';

type CreateOptions = CommonOptions & { name: string };

const createAdmin = async ({ name, ...common }: CreateOptions): Promise<void> => {
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

/** `punchcard keys …` */
export const addKeyCommands = (program: Command): void => {
  program
    .command('keys')
    .description('keys that need no other key to be made')
    .command('create-admin')
    .description('make a key with the role admin and print it once')
    .requiredOption('--name <name>', 'a label for lists, 1 to 100 characters')
    .option('--dir <folder>', dirHelp)
    .action(createAdmin);
};

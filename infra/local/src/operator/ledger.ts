import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommonOptions } from '../commands/options.ts';
import { dirHelp } from '../commands/options.ts';
import { repository } from '../folders.ts';
import { needed, operatorEnvironment } from './environment.ts';

type VerifyOptions = CommonOptions & { partner?: string };

const verify = async ({ partner, ...common }: VerifyOptions): Promise<number> => {
  const env = operatorEnvironment('ledger', common);
  needed(env, 'LEDGER_DATABASE_URL');
  const main = join('services', 'ledger', 'src', 'verify-main.ts');
  const child = spawn(process.execPath, [main, ...(partner ? ['--partner', partner] : [])], {
    cwd: repository,
    env,
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

/** `punchcard ledger …` */
export const addLedgerCommands = (program: Command): void => {
  program
    .command('ledger')
    .description('prove what the ledger promises')
    .command('verify')
    .description('check every balance, lot and sequence from the rows alone; exit code 1 names the first violation')
    .option('--partner <id>', 'only this partner')
    .option('--dir <folder>', dirHelp)
    .action(async (options: VerifyOptions) => {
      process.exitCode = await verify(options);
    });
};

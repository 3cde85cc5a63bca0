import { presetsByRole, scopesByRole } from '@punchcard/contracts';
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { dirHelp } from '../../commands/options.ts';
import { urlHelp } from '../admin/connection.ts';
import { createAdmin } from './create-admin.ts';
import { create } from './create.ts';
import { secondsOf } from './duration.ts';
import type { KeyStatus } from './find-key.ts';
import { list } from './list.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';

const duration = (text: string): number => {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new InvalidArgumentError('Write it like 30m, 24h, 90d or 2w.');
  return seconds;
};

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
};

const statuses: KeyStatus[] = ['active', 'expiring', 'expired', 'revoked'];
const partnerHelp = 'slug or id of the partner';
const whichKey = () => new Argument('<key>', 'its id, its prefix (rl_agent_a8f3k2m1), or the whole key');

const examples = `
Examples:
  punchcard keys create --partner bean-and-bloom --name "Till 3" --preset point_of_sale --expires-in 90d
  punchcard keys create --partner bean-and-bloom --name "Stock" --scope read write:rewards --rate-limit 60
  punchcard keys list --partner bean-and-bloom --status active
  punchcard keys rotate rl_agent_a8f3k2m1 --overlap 24h
  punchcard keys revoke rl_agent_a8f3k2m1

They go through the public API with the admin key in PUNCHCARD_ADMIN_KEY (default: that of the stack that runs here).
New keys are alone on standard output, everything else is on standard error.`;

/** `punchcard keys …` */
export const addKeyCommands = (program: Command): void => {
  const keys = program
    .command('keys')
    .description('agent keys of partners, and admin keys')
    .addHelpText('after', examples);
  const overApi = (name: string, description: string) =>
    keys
      .command(name)
      .description(description)
      .option('--json', 'as JSON')
      .option('--url <address>', urlHelp)
      .option('--dir <folder>', dirHelp)
      .showHelpAfterError(`(punchcard keys ${name} --help says more)`);

  overApi('create', 'make an agent key for a partner and print it once')
    .requiredOption('--partner <slug|id>', partnerHelp)
    .requiredOption('--name <name>', 'a label for lists, 1 to 100 characters')
    .addOption(new Option('--preset <preset>', 'what it may do').choices(Object.keys(presetsByRole.partner)))
    .addOption(
      new Option('--scope <scopes...>', 'what it may do, scope by scope')
        .choices(scopesByRole.partner)
        .conflicts('preset'),
    )
    .addOption(new Option('--expires-in <time>', 'when it ends: 90d, 24h … (default: never)').argParser(duration))
    .addOption(new Option('--expires-at <instant>', 'when it ends: 2026-12-31T23:00:00Z').conflicts('expiresIn'))
    .option('--rate-limit <number>', 'calls a minute, 1 to 1000 (default: 1000)', wholeNumber)
    .action(create);
  overApi('list', 'show keys: prefix, rights, state, last use; revoked ones for 90 days')
    .option('--partner <slug|id>', partnerHelp)
    .option('--admin', 'those of the platform')
    .addOption(new Option('--status <status>', 'only these').choices(statuses))
    .action(list);
  overApi('rotate', 'replace a key by a new one; the old one works on for a while')
    .addArgument(whichKey())
    .option('--overlap <time>', 'how long the old one works on, 0 to 7d (default: 24h)', duration)
    .option('--partner <slug|id>', 'whose key it is, if it is named by its prefix (default: all are looked through)')
    .action(rotate);
  overApi('revoke', 'end a key at once')
    .addArgument(whichKey())
    .option('--partner <slug|id>', 'whose key it is, if it is named by its prefix (default: all are looked through)')
    .action(revoke);
  keys
    .command('create-admin')
    .description('make a key with the role admin and print it once; needs no other key, but CALLER_SECRETS')
    .requiredOption('--name <name>', 'a label for lists, 1 to 100 characters')
    .option('--dir <folder>', dirHelp)
    .action(createAdmin);
};

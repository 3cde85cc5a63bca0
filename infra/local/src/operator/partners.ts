import type { Command } from 'commander';
import { dirHelp } from '../commands/options.ts';
import { withAdminApi } from './admin/admin-api.ts';
import { urlHelp } from './admin/connection.ts';
import type { AdminOptions } from './admin/connection.ts';
import { listAllPartners } from './admin/find-partner.ts';
import { partnerTable } from './keys/show.ts';

type ListOptions = AdminOptions & { search?: string; json?: boolean };

const list = (options: ListOptions): Promise<void> =>
  withAdminApi(options, async (api) => {
    const partners = await listAllPartners(api, options.search);
    if (options.json) return console.log(JSON.stringify(partners, null, 2));
    console.log(partners.length === 0 ? 'No partners.' : partnerTable(partners));
  });

/** `punchcard partners …` */
export const addPartnerCommands = (program: Command): void => {
  program
    .command('partners')
    .description('accounts on this platform')
    .command('list')
    .description('show them with their slugs and ids')
    .option('--search <text>', 'a part of name, slug or e-mail')
    .option('--json', 'as JSON')
    .option('--url <address>', urlHelp)
    .option('--dir <folder>', dirHelp)
    .action(list);
};

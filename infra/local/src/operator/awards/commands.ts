import { listRefusedAwards, retryRefusedAward } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import type { Command } from 'commander';
import { dirHelp } from '../../commands/options.ts';
import type { CommonOptions } from '../../commands/options.ts';
import { withService } from '../internal-api.ts';
import { awardLines, reasonOf } from './show.ts';

type ListOptions = CommonOptions & { partner?: string; json?: boolean };
type RetryOptions = CommonOptions & { partner?: string };

const ask = (client: InternalClient, partner: string | undefined) =>
  client.call(listRefusedAwards, { query: partner === undefined ? {} : { partner_id: partner } });

const list = ({ partner, json, ...common }: ListOptions): Promise<void> =>
  withService('ledger', common, async (client) => {
    const { awards, total } = await ask(client, partner);
    if (json) return console.log(JSON.stringify(awards, null, 2));
    if (total === 0) return console.log('No refused awards.');
    const now = new Date();
    console.log(awards.map((award) => awardLines(award, now)).join('\n'));
    if (total > awards.length) console.log(`These are the oldest ${awards.length} of ${total}.`);
  });

/** A reference belongs to one partner; only who names all of them by hand could give two the same. */
const partnerOfReference = async (client: InternalClient, reference: string): Promise<string> => {
  const { awards } = await ask(client, undefined);
  const [found, other] = awards.filter((award) => award.reference === reference);
  if (found && !other) return found.partner_id;
  throw new Error(
    found
      ? `Several partners have a refused award ${reference}.\n  Say whose is meant: --partner <id>`
      : `There is no refused award ${reference}.\n  \`punchcard awards list\` shows the oldest; name one beyond them with --partner <id>.`,
  );
};

const retry = ({ partner, ...common }: RetryOptions, references: readonly string[]): Promise<void> =>
  withService('ledger', common, async (client) => {
    for (const reference of references) {
      const partnerId = partner ?? (await partnerOfReference(client, reference));
      const body = { partner_id: partnerId, reference };
      const { refused_as: refusedAs } = await client.call(retryRefusedAward, { body });
      console.log(`${reference}  ${refusedAs === null ? 'booked' : `refused again, ${reasonOf(refusedAs)}`}`);
      if (refusedAs !== null) process.exitCode = 1;
    }
  });

/** `punchcard awards …` */
export const addAwardCommands = (program: Command): void => {
  const awards = program.command('awards').description('points of vouchers that the books refused');
  awards
    .command('list')
    .description('show them with the reason, the oldest first')
    .option('--partner <id>', 'only of this partner')
    .option('--json', 'as JSON')
    .option('--dir <folder>', dirHelp)
    .action(list);
  awards
    .command('retry')
    .description('try to book them again, after the cause is gone; exit code 1 if one is refused again')
    .argument('<references...>', 'which, as `list` shows them')
    .option('--partner <id>', 'whose they are (default: all are looked through)')
    .option('--dir <folder>', dirHelp)
    .action((references: string[], options: RetryOptions) => retry(options, references));
};

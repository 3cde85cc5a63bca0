import { createKafka, listDeadLetters, replayDeadLetters } from '@punchcard/messaging';
import type { DeadLetter, DeadLetterFilter } from '@punchcard/messaging';
import type { Command } from 'commander';
import type { CommonOptions } from '../commands/options.ts';
import { dirHelp } from '../commands/options.ts';
import { needed, operatorEnvironment } from './environment.ts';

type ListOptions = CommonOptions & { json?: boolean };

const clientOf = (options: CommonOptions) => {
  const env = operatorEnvironment('gateway', options);
  return createKafka({
    brokers: needed(env, 'KAFKA_BROKERS'),
    clientId: 'punchcard-operator',
    topicPrefix: env['KAFKA_TOPIC_PREFIX'] ?? 'punchcard',
  });
};

/** `catalog.ledger`: what the ledger could not apply of the catalog's events. */
const filterOf = (queue: string | undefined): DeadLetterFilter => {
  if (queue === undefined) return {};
  const [topic, group, ...rest] = queue.split('.');
  if (topic && group && rest.length === 0) return { topic, group };
  throw new Error(`"${queue}" is not <topic>.<group>, like catalog.ledger`);
};

const shown = ({ topic, group, id, type, partnerId, at, attempts, errorName, error }: DeadLetter): string =>
  [
    `${topic}.${group}  ${id}`,
    `  ${type ?? 'no event'}${partnerId ? ` of partner ${partnerId}` : ''}`,
    `  given up ${at.toISOString()} after ${attempts} attempts: ${errorName}: ${error}`,
  ].join('\n');

const list = async (queue: string | undefined, { json, ...common }: ListOptions): Promise<void> => {
  const letters = await listDeadLetters(clientOf(common), filterOf(queue));
  if (json) return console.log(JSON.stringify(letters, null, 2));
  if (letters.length === 0) return console.log('No dead letters.');
  console.log(letters.map(shown).join('\n'));
};

const replay = async (queue: string, ids: string[], common: CommonOptions): Promise<void> => {
  const count = await replayDeadLetters(clientOf(common), { ...filterOf(queue), ...(ids.length > 0 && { ids }) });
  console.log(count === 0 ? 'Nothing to replay.' : `Sent ${count} again, for this group alone.`);
};

/** `punchcard dlq …` */
export const addDeadLetterCommands = (program: Command): void => {
  const dlq = program.command('dlq').description('events that a consumer could not apply');
  dlq
    .command('list')
    .description('show them with the reason')
    .argument('[topic.group]', 'only this queue, like catalog.ledger')
    .option('--json', 'as JSON, with the whole event')
    .option('--dir <folder>', dirHelp)
    .action(list);
  dlq
    .command('replay')
    .description('hand them to their consumer again, after its bug has been mended')
    .argument('<topic.group>', 'the queue, like catalog.ledger')
    .argument('[ids...]', 'only these, as `list` shows them')
    .option('--dir <folder>', dirHelp)
    .action(replay);
};

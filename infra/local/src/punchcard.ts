import { Command } from 'commander';
import { addDeadLetterCommands } from './operator/dlq.ts';
import { addKeyCommands } from './operator/keys.ts';
import { addLedgerCommands } from './operator/ledger.ts';
import { runCommand } from './run-command.ts';

const program = new Command('punchcard').description(
  'What an operator does beside the APIs. Works on the stack that runs here; elsewhere on what the environment names ' +
    '(LEDGER_DATABASE_URL, KAFKA_BROKERS, PARTNERS_URL, CALLER_SECRETS).',
);

addLedgerCommands(program);
addDeadLetterCommands(program);
addKeyCommands(program);

await runCommand(program);

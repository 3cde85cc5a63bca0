import { Command } from 'commander';
import { addAwardCommands } from './operator/awards/commands.ts';
import { addDeadLetterCommands } from './operator/dlq.ts';
import { addKeyCommands } from './operator/keys/commands.ts';
import { addLedgerCommands } from './operator/ledger.ts';
import { addPartnerCommands } from './operator/partners.ts';
import { runCommand } from './run-command.ts';

const program = new Command('punchcard').description(
  'What an operator does beside the APIs. Works on the stack that runs here; elsewhere on what the environment names ' +
    '(LEDGER_DATABASE_URL, KAFKA_BROKERS, PARTNERS_URL, LEDGER_URL, CALLER_SECRETS, PUNCHCARD_URL, PUNCHCARD_ADMIN_KEY).',
);

addLedgerCommands(program);
addDeadLetterCommands(program);
addAwardCommands(program);
addKeyCommands(program);
addPartnerCommands(program);

await runCommand(program);

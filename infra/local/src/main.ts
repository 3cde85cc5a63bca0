import { Command } from 'commander';
import { migrate } from './commands/migrate.ts';
import { dirHelp } from './commands/options.ts';
import type { CommonOptions } from './commands/options.ts';
import { seed } from './commands/seed.ts';
import { start } from './commands/start.ts';
import type { StartOptions } from './commands/start.ts';
import { startDetached } from './commands/start-detached.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { runCommand } from './run-command.ts';

const program = new Command('punchcard-local').description(
  'Runs Punchcard on this machine: real PostgreSQL, Redis and Kafka, every service, and sample data.',
);

const command = (name: string, description: string) =>
  program.command(name).description(description).option('--dir <folder>', dirHelp);

command('start', 'bring up everything and stay until Ctrl-C')
  .option('--detach', 'leave it running in the background')
  .option('--no-seed', 'without sample data')
  .addHelpText('after', '\nPorts: GATEWAY_PORT=4100 POSTGRES_PORT=… REDIS_PORT=… KAFKA_PORT=… npm start')
  .addHelpText('after', 'Parts of your own: POSTGRES_URL=… REDIS_URL=… KAFKA_BROKERS=… npm start')
  .action(async ({ detach, ...options }: StartOptions & { detach?: boolean }) => {
    process.exitCode = await (detach ? startDetached(options) : start(options));
  });

const commands: [string, string, (options: CommonOptions) => Promise<number>][] = [
  ['stop', 'stop everything; the data stays', stop],
  ['status', 'show whether each part and service answers', status],
  ['migrate', 'bring databases and topics to the newest state', migrate],
  ['seed', 'load the sample data into the running stack', seed],
];
for (const [name, description, action] of commands) {
  command(name, description).action(async (options: CommonOptions) => {
    process.exitCode = await action(options);
  });
}

await runCommand(program);

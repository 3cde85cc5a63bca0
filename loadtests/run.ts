import { Command } from 'commander';
import { findK6 } from './src/k6.ts';
import { addressesOf, positive, secondsOf, tiers, tiersOf, type Options } from './src/options.ts';
import { runScenario, type Scenario } from './src/run-scenario.ts';
import { breakpoint } from './src/scenarios/breakpoint.ts';
import { bulk } from './src/scenarios/bulk.ts';
import { checkout, soak, spike } from './src/scenarios/checkout.ts';
import { concurrency } from './src/scenarios/concurrency.ts';
import { hourlyQuota } from './src/scenarios/hourly-quota.ts';

const scenarios: Record<string, { what: string; scenario: Scenario }> = {
  'hourly-quota': { what: 'never one call above the hourly quota, at most 1 % fewer', scenario: hourlyQuota },
  concurrency: { what: 'the limit of requests at once, and that slots come back', scenario: concurrency },
  checkout: { what: 'tills sell with think time; then every purchase must have arrived', scenario: checkout },
  spike: { what: 'ten times the load for a while, and back', scenario: spike },
  soak: { what: 'even load for long; --duration 2h', scenario: soak },
  bulk: { what: 'voucher batches while tills sell; then every code must be there, once', scenario: bulk },
  breakpoint: { what: 'more and more purchases a second until the p99 breaks', scenario: breakpoint },
};

const program = new Command('loadtest')
  .description('Load tests with k6, against a stack on this machine or a staging deployment. See loadtests/README.md.')
  .option('--base-url <url>', 'of the gateway (default: of the credentials, or PUNCHCARD_BASE_URL)')
  .option('--second-url <url>', 'of a second gateway; beside a local stack one is started')
  .option('--credentials <file>', 'default .local/credentials.json; PUNCHCARD_ADMIN_KEY replaces its admin key')
  .option('--dir <folder>', 'state folder of the local stack (default: .local)')
  .option('--staging', 'the address is a staging deployment')
  .option('--allow-production', 'load an address that is neither this machine nor staging')
  .option('--duration <time>', '90s, 10m, 2h', (text: string) => (secondsOf(text), text))
  .option('--rate <number>', 'calls a second at the peak', positive)
  .option('--vus <number>', 'tills at work', positive)
  .option('--p99 <ms>', 'the mark of breakpoint', positive, 250)
  .option('--tiers <list>', 'of the partners that are made, for hourly-quota and concurrency', tiersOf, [...tiers])
  .option('--metrics <list>', 'for soak on staging: ledger=http://ledger.internal:4004,…', addressesOf)
  .option('--out <folder>', 'for the results (default: .local/loadtests/…)')
  .option('--keep', 'leave the partners that were made')
  .configureHelp({ showGlobalOptions: true });

for (const [name, { what, scenario }] of Object.entries(scenarios)) {
  program
    .command(name)
    .description(what)
    .action(async (_: unknown, command: Command) => {
      process.exitCode = await runScenario(name, scenario, command.optsWithGlobals<Options>());
    });
}

program
  .command('k6')
  .description('only build k6, where there is none')
  .option('--quick', 'without optimisation: for tests of the tests')
  .action(async (options: { quick?: boolean }) => console.log(await findK6(options)));

try {
  await program.parseAsync();
} catch (error) {
  console.error(process.env['DEBUG'] ? error : `\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
// A connection that is left open must not keep a command that has ended.
process.exit();

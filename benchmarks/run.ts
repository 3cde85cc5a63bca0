/** `npm run bench -- NAME… | all [--quick]`: one benchmark after another, each in a process of its own. `docs` writes the tables. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './lib/folders.ts';
import { writeDocs } from './lib/write-docs.ts';

const benchmarks = {
  gateway: 'the gateway beside nginx, haproxy, Caddy and express-gateway',
  purchases: 'the ledger over HTTP beside pgbench',
  'whole-path': 'gateway, ledger, commit: peak and 70 % of it',
  'analytics-delay': 'from a purchase until analytics count it, at half of the peak',
  overview: 'the overview at 10,000,000 transactions (makes them first, minutes)',
  'start-and-memory': 'warm start, idle memory',
  growth: '1 ×, 10 ×, 100 × the data; 1 to 4 processes',
} as const;

const usage = (): string =>
  [
    'npm run bench -- NAME… [--quick] [--rounds N] [--seconds N]',
    ...Object.entries({ ...benchmarks, all: 'all of them', docs: 'write what was found into docs/performance.md' }).map(
      ([name, what]) => `  ${name.padEnd(18)}${what}`,
    ),
  ].join('\n');

function run(name: string, options: readonly string[]): Promise<number> {
  console.log(`\n== ${name}`);
  const child = spawn(process.execPath, [join('benchmarks', `${name}.ts`), ...options], {
    cwd: repository,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('--'));
const named = firstOption === -1 ? words : words.slice(0, firstOption);
const options = firstOption === -1 ? [] : words.slice(firstOption);
const names = named.includes('all') ? Object.keys(benchmarks) : named.filter((name) => name !== 'docs');
const unknown = names.filter((name) => !(name in benchmarks));
if (named.length === 0 || unknown.length > 0) {
  console.error(unknown.length > 0 ? `There is no benchmark ${unknown.join(', ')}.\n\n${usage()}` : usage());
  process.exit(1);
}
const failed: string[] = [];
for (const name of names) if ((await run(name, options)) !== 0) failed.push(name);
if (named.includes('docs')) await writeDocs(Object.keys(benchmarks));
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import globalSetup from '../global-setup.ts';
import globalTeardown from '../global-teardown.ts';
import { running } from '../given.ts';
import { targetsOf, type Target } from './targets.ts';
import { makeWorld, type World } from './world.ts';

/**
 * Sends what the OpenAPI documents allow and forbid to a stack of its own, as every kind of caller, and holds the answers to the
 * documents. `npm run fuzz -- partner admin` runs these targets only; FUZZ_SECONDS is the time for each.
 */

const folder = resolve(import.meta.dirname, '../../.local/fuzz');
const programs = join(folder, 'venv/bin');
const requirements = join(import.meta.dirname, 'requirements.txt');

/** `hooks.py` has them with their exceptions, each with its reason. */
const replaced = [
  ...['positive_data_acceptance', 'negative_data_rejection', 'status_code_conformance'],
  ...['unsupported_method', 'allow_header_conformance'],
];

interface Report {
  test_cases: { generated: number; unique_failures: number };
  operations: { tested: number };
  failures: { title: string; operations: string[] }[];
  errors: unknown[];
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(programs)) run('python3', ['-m', 'venv', join(folder, 'venv')]);
  run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
}

/** @returns whether everything held */
async function fuzz(target: Target, { ids, references }: World): Promise<boolean> {
  const { name, api, paths, keys, headers, perMinute } = target;
  const seconds = Number(process.env['FUZZ_SECONDS'] ?? target.seconds);
  const report = join(folder, `${name}.json`);
  const args = [
    ...['--config-file', join(import.meta.dirname, 'schemathesis.toml')],
    ...['run', `${running().baseUrl}/api/agent/docs.json?api=${api}`, '--include-path-regex', paths],
    ...['--checks', 'all', '--exclude-checks', replaced.join(), '--continue-on-failure', '--no-color'],
    ...['--rate-limit', `${perMinute}/m`, '--max-time', String(seconds)],
    ...['--report', 'json', '--report-json-path', report],
    ...Object.entries(headers).flatMap(([header, value]) => ['-H', `${header}: ${value}`]),
  ];
  say(`\n=== ${name}: ${paths}`);
  await new Promise((done) => {
    const env = {
      ...process.env,
      SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py'),
      FUZZ_KEYS: keys.join(),
      FUZZ_IDS: JSON.stringify({ ids, references }),
    };
    spawn(join(programs, 'schemathesis'), args, { stdio: 'inherit', cwd: folder, env }).on('close', done);
  });
  return summarise(name, report);
}

function summarise(name: string, file: string): boolean {
  const { test_cases: cases, operations, failures, errors } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const isGood = failures.length === 0 && errors.length === 0 && cases.generated > 0;
  summary.push(
    `${isGood ? 'ok  ' : 'FAIL'} ${name}: ${operations.tested} operations, ${cases.generated} requests, ` +
      `${cases.unique_failures} failures, ${errors.length} errors`,
    ...failures.map(({ title, operations: where }) => `     ${title}: ${where.join(', ')}`),
  );
  return isGood;
}

const summary: string[] = [];
install();
// Everything of one minute comes from one address; on staging no hour is counted.
process.env['GATEWAY_DEPLOYMENT'] = 'staging';
for (const name of ['GATEWAY_FAILURES_PER_MINUTE', 'GATEWAY_JOIN_PER_MINUTE', 'GATEWAY_DOCS_PER_MINUTE']) {
  process.env[name] = '100000';
}
await globalSetup();
try {
  const world = await makeWorld();
  const wanted = process.argv.slice(2);
  const targets = targetsOf(world).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  let isGood = targets.length > 0;
  for (const target of targets) isGood = (await fuzz(target, world)) && isGood;
  say(`\n${summary.join('\n')}`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await globalTeardown();
}

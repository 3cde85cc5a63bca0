import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@punchcard/local';
import { repository, scripts } from './folders.ts';
import { isFit } from './k6-rules.ts';
import { follow, type Sample } from './progress.ts';

const version = 'v1.8.1';
const binFolder = join(repository, '.local', 'bin');
const showEveryMs = 10_000;
/** Load must not take the machine from what it measures, where both share one. */
const niceness = 5;

const works = (command: string): boolean => spawnSync(command, ['version'], { stdio: 'ignore' }).status === 0;

const fits = (command: string): boolean => {
  const { status, stdout } = spawnSync(command, ['version'], { encoding: 'utf8' });
  return status === 0 && isFit(stdout);
};

/** A k6 that is there already: of the environment (K6), of the PATH, or of an earlier build; else null. */
export function readyK6(): string | null {
  const given = process.env['K6'];
  if (given && !fits(given)) throw new Error(`K6=${given} is no k6 of 1.0 or later`);
  if (given) return given;
  if (fits('k6')) return 'k6';
  const own = join(binFolder, 'k6');
  return existsSync(own) && fits(own) ? own : null;
}

/**
 * The k6 to run: one that is there, or built once from its Go module into `.local/bin`. `quick` builds it without optimisation, in a
 * third of the time, for tests that are about right answers and not about load.
 */
export async function findK6({ quick = false } = {}): Promise<string> {
  const ready = readyK6();
  if (ready !== null) return ready;
  if (!works('go')) {
    throw new Error('There is no k6. Install it (https://grafana.com/docs/k6), or Go, with which it is built here.');
  }
  await build(quick);
  return join(binFolder, 'k6');
}

async function build(quick: boolean): Promise<void> {
  const lasts = quick ? 'a minute or two' : 'some four minutes';
  console.log(`k6 (1.0 or later) is not on the PATH: building ${version} from its Go module, once, ${lasts}`);
  mkdirSync(binFolder, { recursive: true });
  const since = performance.now();
  const flags = ['-v', '-ldflags=-s -w', ...(quick ? ['-gcflags=all=-N -l'] : [])];
  const go = spawn('go', ['install', ...flags, `go.k6.io/k6@${version}`], {
    env: { ...process.env, GOBIN: binFolder, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  lowerPriority(go.pid);
  // -v tells each package: how many there are is not known beforehand, but it is seen that it goes on.
  let lines = 0;
  let last = '';
  const tell = setInterval(() => {
    console.log(`  ${Math.round((performance.now() - since) / 1_000)} s, ${lines} packages, now ${last}`);
  }, showEveryMs);
  createInterface(go.stderr).on('line', (line) => {
    lines += 1;
    last = line;
  });
  const code = await new Promise((resolve, reject) => go.once('error', reject).once('close', resolve));
  clearInterval(tell);
  if (code !== 0) throw new Error(`k6 could not be built (go install, exit code ${String(code)}): ${last}`);
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness);
  } catch {
    // It has ended, or the system does not let us: it runs all the same.
  }
}

export interface K6Run {
  script: string;
  contextFile: string;
  /** File for what the script logs; absent: the terminal. */
  logsTo?: string | undefined;
  /** Begins the names of the results. */
  results: string;
}

export interface RunningK6 {
  /** The exit code, 99 when a threshold was missed; and how it went. */
  done: Promise<{ code: number; samples: Sample[] }>;
  /** Lets it end in order, within its half a minute. */
  stop(): Promise<unknown>;
}

/** Runs a script, with results in `<results>.json` and `<results>.html`. Says from time to time how far it is. */
export async function runK6(
  k6: string,
  { script, contextFile, logsTo, results }: K6Run,
  say: (line: string) => void,
): Promise<RunningK6> {
  const api = `127.0.0.1:${await freePort()}`;
  const logging = logsTo === undefined ? [] : ['--console-output', logsTo, '--log-format', 'raw'];
  if (logsTo !== undefined) rmSync(logsTo, { force: true });
  const child = spawn(
    k6,
    [
      ...['run', '--quiet', '--no-usage-report', '--no-color', '--address', api],
      ...['--summary-export', `${results}.json`, ...logging],
      ...['--env', `CONTEXT=${contextFile}`, join(scripts, `${script}.js`)],
    ],
    {
      env: {
        ...process.env,
        K6_WEB_DASHBOARD: 'true',
        K6_WEB_DASHBOARD_EXPORT: `${results}.html`,
        K6_WEB_DASHBOARD_PERIOD: '1s',
        // The report is what we want; nobody needs a port for the live page.
        K6_WEB_DASHBOARD_PORT: '-1',
      },
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  // Its name for every request without an answer, of which tills that give up have many; a script counts and names those that matter.
  createInterface(child.stderr).on('line', (line) => {
    if (line !== 'Request Failed') console.error(line);
  });
  lowerPriority(child.pid);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
  const followed = follow(`http://${api}`, ended, say);
  const done = ended.then(async (code) => ({ code, samples: await followed }));
  return { done, stop: () => (child.kill('SIGTERM'), done) };
}

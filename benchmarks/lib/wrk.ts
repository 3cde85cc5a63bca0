import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './folders.ts';
import { needProgram } from './programs.ts';

export interface WrkRun {
  url: string;
  connections: number;
  seconds: number;
  /** A script of `benchmarks/lua` and what it gets. */
  script: string;
  args?: readonly string[];
}

/** Answers a second, and how long they took in milliseconds. */
export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
}

interface Summary extends Load {
  refused: number;
  broken: number;
}

/** Puts as many callers on an address as there are connections; each asks again when it has its answer. Any refusal is an error. */
export async function wrk(run: WrkRun): Promise<Load> {
  const { refused, broken, ...load } = await summaryOf(run);
  if (refused + broken > 0) throw new Error(`${run.url}: ${refused} calls were refused, ${broken} broken off`);
  return load;
}

/** Several at once, as one: throughput adds up; the latencies are those of the slowest. */
export async function wrkAll(runs: readonly WrkRun[]): Promise<Load> {
  const loads = await Promise.all(runs.map(wrk));
  return {
    perSecond: loads.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p50: Math.max(...loads.map(({ p50 }) => p50)),
    p99: Math.max(...loads.map(({ p99 }) => p99)),
  };
}

function summaryOf({ url, connections, seconds, script, args = [] }: WrkRun): Promise<Summary> {
  const { command, env } = needProgram('wrk');
  const child = spawn(
    command,
    [
      ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s'],
      ...['-s', join(repository, 'benchmarks', 'lua', `${script}.lua`), url, '--', ...args],
    ],
    { env, cwd: join(repository, 'benchmarks', 'lua'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => {
      const [, line] = /^SUMMARY (.*)$/m.exec(text) ?? [];
      if (!line) return reject(new Error(`wrk said no summary:\n${text.slice(-2_000)}`));
      resolve(JSON.parse(line) as Summary);
    });
  });
}

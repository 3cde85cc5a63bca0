import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchFolder } from './folders.ts';

export interface ProcessWish {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  isReady(): Promise<boolean>;
}

export interface RunningProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const endWithinMs = 20_000;
const running = new Set<ChildProcess>();

// Nothing that a benchmark starts outlives it, however it ends.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Starts a process with its output in `.local/benchmarks/logs`, and waits until it is ready. */
export async function runProcess(wish: ProcessWish): Promise<RunningProcess> {
  const logFile = join(benchFolder('logs'), `${wish.name.replaceAll(/\W+/g, '-')}.log`);
  const log = openSync(logFile, 'w');
  const child = spawn(wish.command, wish.args, {
    env: wish.env ?? process.env,
    cwd: wish.cwd ?? '/',
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  child.once('exit', () => running.delete(child));
  const stop = async () => {
    child.kill('SIGTERM');
    for (let waited = 0; !hasEnded(child) && waited < endWithinMs; waited += 20) await sleep(20);
    if (!hasEnded(child)) child.kill('SIGKILL');
  };
  for (let waited = 0; waited < readyWithinMs; waited += 50) {
    const next = await Promise.race([failed, sleep(50)]);
    if (next instanceof Error) throw next;
    if (hasEnded(child))
      throw new Error(`${wish.name} ended. Its log:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    if (await wish.isReady().catch(() => false)) return { pid: child.pid!, stop };
  }
  await stop();
  throw new Error(`${wish.name} was not ready within ${readyWithinMs / 1_000} s: ${logFile}`);
}

/** Whether an address answers with a status that will do. */
export async function answers(url: string, init: RequestInit = {}, isGood = (status: number) => status < 400) {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return isGood(answer.status);
}

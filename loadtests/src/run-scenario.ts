import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { repository } from './folders.ts';
import { findK6, runK6, type RunningK6 } from './k6.ts';
import type { Options } from './options.ts';
import { createHouse, type House } from './house.ts';
import { findTarget, type Target } from './target.ts';

/** One run of one scenario. */
export interface Run {
  options: Options;
  target: Target;
  /** Makes partners, keys and members, and tidies them away at the end. */
  house: House;
  /** Where results go. */
  out: string;
  say(line: string): void;
  /** Runs a script of `scripts/`; the script reads `context` from a file that only we can read. Gives k6's exit code. */
  k6(script: string, context: object, options?: { name?: string; logsTo?: string }): Promise<number>;
  /** To be done at the end, whatever happens; last added, first done. */
  atEnd(work: () => Promise<void>): void;
}

export type Scenario = (run: Run) => Promise<number>;

const stamp = (): string => new Date().toISOString().replaceAll(/[:.]/g, '-').slice(0, 19);

/** Runs a scenario against the target of the options. Gives the exit code: k6's own, when a threshold was missed. */
export async function runScenario(name: string, scenario: Scenario, options: Options): Promise<number> {
  const target = findTarget(options);
  const k6 = await findK6();
  const out = resolve(options.out ?? join(repository, '.local', 'loadtests', `${stamp()}-${name}`));
  mkdirSync(out, { recursive: true });
  const secret = mkdtempSync(join(tmpdir(), 'punchcard-loadtest-'));
  const endings: (() => Promise<void>)[] = [() => Promise.resolve(rmSync(secret, { recursive: true, force: true }))];
  const say = (line: string) => console.log(line);
  const house = createHouse(target, say);
  let running: RunningK6 | undefined;
  let isStopped = false;
  const run: Run = {
    ...{ options, target, house, out, say },
    k6: async (script, context, { name: part = script, logsTo } = {}) => {
      if (isStopped) throw new Error('Stopped');
      const contextFile = join(secret, `${part}.json`);
      writeFileSync(contextFile, JSON.stringify(context), { mode: 0o600 });
      running = runK6(k6, { script, contextFile, logsTo, results: join(out, part) });
      return running.done;
    },
    atEnd: (work) => void endings.unshift(work),
  };
  run.atEnd(() => house.leave(options.keep ?? false));
  try {
    say(`${name} against ${target.baseUrl}`);
    const stopped = untilSignal().then((code) => ((isStopped = true), code));
    const code = await Promise.race([scenario(run), stopped]);
    await running?.stop();
    say(`Results: ${out}`);
    return code;
  } finally {
    for (const work of endings) await work().catch((error: Error) => console.error(`At the end: ${error.message}`));
  }
}

/** Somebody will not wait for the end: what was made is tidied away all the same. */
const untilSignal = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(130));
  });

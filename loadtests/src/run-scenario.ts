import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Chart } from './chart.ts';
import { repository } from './folders.ts';
import { findK6, runK6, type RunningK6 } from './k6.ts';
import type { Options } from './options.ts';
import { createHouse, type House } from './house.ts';
import { judgedOf, misses, pageOf, verdictOf, type Part, type Result } from './report.ts';
import { keepSummary, type Metrics } from './summary.ts';
import { findTarget, type Target } from './target.ts';

/** How a script ended. */
export interface Outcome {
  /** Of k6: 99 when a threshold was missed. */
  code: number;
  /** Null where k6 ended without a summary; the code is not 0 then. */
  metrics: Metrics | null;
}

/** One run of one scenario. */
export interface Run {
  options: Options;
  target: Target;
  /** Makes partners, keys and members, and tidies them away at the end. */
  house: House;
  /** Where results go. */
  out: string;
  say(line: string): void;
  /** Runs a script of `scripts/`; the script reads `context` from a file that only we can read. */
  k6(script: string, context: object, options?: { name?: string; logsTo?: string }): Promise<Outcome>;
  /** Puts a chart into the report. */
  draw(chart: Chart): void;
  /** Keeps text for a script in a file that only we can read; gives its path. */
  keepSecret(name: string, text: string): string;
  /** To be done at the end, whatever happens; last added, first done. */
  atEnd(work: () => Promise<void>): void;
}

/** Gives the exit code. */
export type Scenario = (run: Run) => Promise<number>;

const stamp = (): string => new Date().toISOString().replaceAll(/[:.]/g, '-').slice(0, 19);

/** Runs a scenario against the target of the options. Gives the exit code: k6's own, when a threshold was missed. */
export async function runScenario(name: string, scenario: Scenario, options: Options): Promise<number> {
  const target = findTarget(options);
  const k6 = await findK6();
  const out = resolve(options.out ?? join(repository, '.local', 'loadtests', `${stamp()}-${name}`));
  mkdirSync(out, { recursive: true });
  const { run, kept, endings, stop } = openRun({ options, target, k6, out });
  const [startedAt, since] = [new Date().toISOString(), performance.now()];
  let code = 1;
  try {
    run.say(`${name} against ${target.baseUrl}`);
    code = await Promise.race([scenario(run), untilSignal()]);
    await stop();
    return code;
  } catch (error) {
    kept.said.push(String(error));
    throw error;
  } finally {
    const seconds = (performance.now() - since) / 1_000;
    keepResult(out, { name, baseUrl: target.baseUrl, startedAt, seconds, code, ...kept });
    for (const work of endings) await work().catch((error: Error) => console.error(`At the end: ${error.message}`));
  }
}

interface Kept {
  parts: Part[];
  charts: Chart[];
  said: string[];
}

function openRun({ options, target, k6, out }: { options: Options; target: Target; k6: string; out: string }) {
  const kept: Kept = { parts: [], charts: [], said: [] };
  const secret = mkdtempSync(join(tmpdir(), 'punchcard-loadtest-'));
  const endings: (() => Promise<void>)[] = [() => Promise.resolve(rmSync(secret, { recursive: true, force: true }))];
  const say = (line: string) => (kept.said.push(line), console.log(line));
  const house = createHouse(target, say);
  let running: RunningK6 | undefined;
  let isStopped = false;
  const keepSecret = (name: string, text: string): string => {
    const file = join(secret, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const run: Run = {
    ...{ options, target, house, out, say, keepSecret },
    draw: (chart) => void kept.charts.push(chart),
    k6: async (script, context, { name = script, logsTo } = {}) => {
      if (isStopped) throw new Error('Stopped');
      const contextFile = keepSecret(`${name}.json`, JSON.stringify(context));
      const results = join(out, name);
      // Of an earlier run into the same folder: never to be taken for this one's.
      for (const ending of ['json', 'html']) rmSync(`${results}.${ending}`, { force: true });
      running = await runK6(k6, { script, contextFile, logsTo, results }, (line) => console.log(line));
      const { code, samples } = await running.done;
      const { metrics = null, failedChecks = [] } = keepSummary(out, name) ?? {};
      kept.parts.push({ name, code, metrics, failedChecks, samples, hasCharts: existsSync(`${results}.html`) });
      return { code: code === 0 && !metrics ? 1 : code, metrics };
    },
    atEnd: (work) => void endings.unshift(work),
  };
  run.atEnd(() => house.leave(options.keep ?? false));
  return { run, kept, endings, stop: async () => ((isStopped = true), void (await running?.stop())) };
}

/** `result.json` for machines, `report.html` for people. */
function keepResult(out: string, result: Result): void {
  const { parts, charts: _drawn, ...rest } = result;
  const thresholds = (metrics: Metrics | null) => metrics && judgedOf(metrics);
  const told = parts.map(({ metrics, name, code, failedChecks }) => ({
    ...{ name, code, thresholds: thresholds(metrics), failedChecks },
  }));
  writeFileSync(join(out, 'result.json'), JSON.stringify({ ...rest, passed: result.code === 0, parts: told }, null, 2));
  writeFileSync(join(out, 'report.html'), pageOf(result));
  console.log(`\n${result.name} ${verdictOf(result.code)}`);
  for (const part of parts) for (const line of misses(part)) console.log(line);
  console.log(`Results: ${join(out, 'report.html')}`);
}

/** Somebody will not wait for the end: what was made is tidied away all the same. */
const untilSignal = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(130));
  });

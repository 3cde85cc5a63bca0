import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chart } from '../chart.ts';
import { secondsOf } from '../options.ts';
import type { Run } from '../run-scenario.ts';
import type { Metrics } from '../summary.ts';
import { openTills } from '../tills.ts';

/** Served, of what was offered. */
const leastServed = 0.97;
const standardRate = 800;
const stepsToPeak = 10;
/** Callers for each purchase a second: who waits a fifth of a second has not yet run out of callers. */
const callersPerRate = 0.2;
const leastCallers = 160;
/** At a middle rate: the steps are to measure code that is compiled, not what every start costs. */
const warmUpSeconds = 15;
const warmUpStep = 4;

interface Step {
  rate: number;
  served: number;
  p50: number;
  p99: number;
  failed: number;
}

/** Rates that grow by the same factor, from a twentieth of the highest. */
const ratesUpTo = (highest: number): number[] =>
  Array.from({ length: stepsToPeak }, (_, n) => Math.ceil(highest * 20 ** (n / (stepsToPeak - 1) - 1)));

function stepOf(metrics: Metrics, rate: number, seconds: number): Step | null {
  const of = (name: string) => metrics[`${name}{scenario:step_${rate}}`] ?? {};
  const time = of('purchase_ms');
  // The run may have ended before this step.
  if (!time['count']) return null;
  const served = (of('sold')['count'] ?? 0) / seconds;
  return { rate, served, p50: time['med'] ?? 0, p99: time['p(99)'] ?? 0, failed: of('failed')['value'] ?? 0 };
}

const holds = ({ rate, served, p99, failed }: Step, breakMs: number): boolean =>
  p99 <= breakMs && served >= rate * leastServed && failed < 0.001;

const show = (step: Step, breakMs: number): string =>
  [
    String(step.rate).padStart(8),
    step.served.toFixed(1).padStart(10),
    `${step.p50.toFixed(0)} ms`.padStart(9),
    `${step.p99.toFixed(0)} ms`.padStart(9),
    `${(step.failed * 100).toFixed(2)} %`.padStart(9),
    holds(step, breakMs) ? '' : '  broken',
  ].join('');

const curveOf = (steps: readonly Step[], breakMs: number): Chart => ({
  ...{ title: 'Waiting as load grows', xTitle: 'purchases a second, offered', yTitle: 'ms' },
  x: steps.map(({ rate }) => rate),
  lines: [
    { name: 'p99', values: steps.map(({ p99 }) => p99) },
    { name: 'p50', values: steps.map(({ p50 }) => p50) },
    { name: 'mark', values: steps.map(() => breakMs) },
  ],
});

const servedOf = (steps: readonly Step[]): Chart => ({
  ...{ title: 'Served as load grows', xTitle: 'purchases a second, offered', yTitle: 'purchases a second' },
  x: steps.map(({ rate }) => rate),
  lines: [
    { name: 'served', values: steps.map(({ served }) => served) },
    { name: 'offered', values: steps.map(({ rate }) => rate) },
  ],
});

function report({ say, draw, out, options: { p99: breakMs } }: Run, steps: Step[]): number {
  draw(curveOf(steps, breakMs));
  draw(servedOf(steps));
  say(' offered    served      p50      p99    failed   (purchases a second)');
  for (const step of steps) say(show(step, breakMs));
  const breaks = steps.map((step) => !holds(step, breakMs));
  // One step that breaks between two that hold was a stall of the machine.
  const broken = breaks.findIndex((isBroken, n) => isBroken && breaks[n + 1] !== false);
  const knee = (broken === -1 ? steps : steps.slice(0, broken)).findLast((step) => holds(step, breakMs)) ?? null;
  writeFileSync(join(out, 'knee.json'), JSON.stringify({ breakMs, knee, steps }, null, 2));
  if (!knee) {
    say(`No knee: the lowest rate is already over ${breakMs} ms at the p99. Try a lower --rate.`);
    return 99;
  }
  const more = broken === -1 ? '; nothing broke, so there is more: raise --rate' : '';
  say(
    `Knee: ${knee.served.toFixed(0)} purchases a second with a p99 of ${knee.p99.toFixed(0)} ms (mark ${breakMs} ms)${more}`,
  );
  return 0;
}

/** More and more purchases a second, until the p99 breaks. Exit 0 when a rate holds, whatever broke above it. */
export async function breakpoint(run: Run): Promise<number> {
  const rates = ratesUpTo(run.options.rate ?? standardRate);
  const stepSeconds = Math.max(4, Math.floor(secondsOf(run.options.duration ?? '100s') / rates.length));
  const highest = rates.at(-1) ?? standardRate;
  const vus = run.options.vus ?? Math.max(leastCallers, Math.ceil(highest * callersPerRate));
  const warmUpRate = rates[warmUpStep] ?? 1;
  const calls = rates.reduce((sum, rate) => sum + rate, 0) * stepSeconds + warmUpRate * warmUpSeconds;
  // Past the knee, callers of one step may still wait when the next begins.
  const tills = await openTills(run, {
    ...{ callsPerSecond: highest, calls, vus: 2 * vus },
    seconds: warmUpSeconds + rates.length * stepSeconds,
  });
  const steps = { steps: rates, stepSeconds, warmUpSeconds, warmUpRate, vus, breakMs: run.options.p99 };
  const context = { ...tills.context, ...steps, thinkSeconds: 0 };
  const logsTo = join(run.out, 'pushed.log');
  const { code, metrics } = await run.k6('breakpoint', context, { logsTo });
  if (!metrics) return code;
  const found = report(
    run,
    rates.flatMap((rate) => stepOf(metrics, rate, stepSeconds) ?? []),
  );
  // 99: a threshold was missed, which is what ends a run past its knee; wrong answers are another matter.
  const areAnswersRight = (metrics['checks']?.['fails'] ?? 0) === 0;
  return code === 0 || (code === 99 && areAnswersRight) ? found : code;
}

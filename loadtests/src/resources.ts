import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@punchcard/contracts';
import { urlOf } from '@punchcard/local';
import type { Chart } from './chart.ts';
import { growthOf, heldOf, lineOf, type Held, type Series } from './resource-rules.ts';
import type { Run } from './run-scenario.ts';

type Look = { seconds: number; services: Record<string, Held | null> };

const looks = 100;
const leastSecondsBetween = 2;
const services = [
  'gateway',
  'partners',
  'catalog',
  'members',
  'ledger',
  'analytics',
  'staff',
  'vouchers',
] satisfies ServiceName[];

/** Where each service tells what it holds: of the stack on this machine, or as `--metrics` says. */
function metricsOf({ target: { stack }, options: { metrics } }: Run): Record<string, string> {
  if (metrics) return metrics;
  if (!stack) return {};
  return Object.fromEntries(services.map((name) => [name, urlOf(name, stack.ports)]));
}

async function ask(url: string): Promise<Held | null> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? heldOf(await answer.text()) : null;
  } catch {
    return null;
  }
}

const seriesOf = (all: readonly Look[], name: string): Series => {
  const seen = all.flatMap(({ seconds, services: { [name]: held } }) => (held ? [{ seconds, held }] : []));
  return { seconds: seen.map(({ seconds }) => seconds), held: seen.map(({ held }) => held) };
};

function chartOf(all: readonly Look[], { title, of }: { title: string; of: keyof Held }): Chart {
  const names = Object.keys(all[0]?.services ?? {});
  // A process that does not answer is shown where it was.
  const values = (name: string) => {
    let last = 0;
    return all.map(({ services: { [name]: held } }) => (last = held?.[of] ?? last));
  };
  const lines = names.map((name) => ({ name, values: values(name) }));
  return { title, xTitle: 'seconds', yTitle: '', x: all.map(({ seconds }) => seconds), lines };
}

/**
 * Looks at what every service holds while `work` runs for `seconds`, and says how it changed. `isSteady`: nothing grew that should not, and
 * nothing was restarted.
 */
export async function watchWhile<T>(
  run: Run,
  seconds: number,
  work: () => Promise<T>,
): Promise<{ done: T; isSteady: boolean }> {
  const urls = Object.entries(metricsOf(run));
  if (urls.length === 0) {
    run.say('  no --metrics: what the services hold (memory, connections) is not looked at');
    return { done: await work(), isSteady: true };
  }
  const all: Look[] = [];
  const since = performance.now();
  const look = async () => {
    const held = await Promise.all(urls.map(async ([name, url]) => [name, await ask(url)] as const));
    all.push({ seconds: (performance.now() - since) / 1_000, services: Object.fromEntries(held) });
  };
  await look();
  let isOver = false;
  const working = work().finally(() => (isOver = true));
  const ended = working.then(
    () => undefined,
    () => undefined,
  );
  const between = Math.max(leastSecondsBetween, seconds / looks) * 1_000;
  while (!isOver) {
    await Promise.race([sleep(between, undefined, { ref: false }), ended]);
    await look();
  }
  const done = await working;
  run.draw(chartOf(all, { title: 'Resident memory, MB', of: 'residentMb' }));
  run.draw(chartOf(all, { title: 'Open files and connections', of: 'descriptors' }));
  return { done, isSteady: report(run, urls, all) };
}

function report({ say }: Run, urls: readonly (readonly [string, string])[], all: readonly Look[]): boolean {
  say('What the services held, from begin to end; the least heap and the most descriptors of each third:');
  let isSteady = true;
  for (const [name, url] of urls) {
    const series = seriesOf(all, name);
    if (series.held.length < 2) {
      say(`  ${name.padEnd(9)} does not tell at ${url}/metrics`);
      continue;
    }
    const growth = growthOf(series);
    say(lineOf(name, growth));
    for (const finding of growth.findings) say(`    LOOK at ${name}: ${finding}`);
    if (growth.findings.length > 0) isSteady = false;
  }
  return isSteady;
}

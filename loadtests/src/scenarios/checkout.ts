import { secondsOf } from '../options.ts';
import type { Run } from '../run-scenario.ts';
import { readSummary } from '../summary.ts';
import { openTills, pushThenVerify } from '../tills.ts';

const thinkSeconds = 1;
/** Of one till: a visit in a second, some of two calls. */
const callsPerVisit = 1.3;

const secondsFor = ({ options }: Run, standard: string): number => secondsOf(options.duration ?? standard);

async function withTills(run: Run, script: string, standard: { vus: number; duration: string }): Promise<number> {
  const vus = run.options.vus ?? standard.vus;
  const seconds = secondsFor(run, standard.duration);
  const callsPerSecond = (vus / thinkSeconds) * callsPerVisit;
  const tills = await openTills(run, { callsPerSecond, calls: callsPerSecond * seconds, vus });
  return pushThenVerify(run, { script, tills, load: { vus, seconds, thinkSeconds } });
}

/** Mixed till traffic, with think time. */
export const checkout = (run: Run): Promise<number> => withTills(run, 'checkout', { vus: 30, duration: '60s' });

/** What grows, leaks or fills up makes the end of a soak slower than its beginning; a short one has noise too. */
const maxDrift = 2;
const noiseMs = 50;

/** The same, evenly and for long. */
export async function soak(run: Run): Promise<number> {
  const code = await withTills(run, 'soak', { vus: 20, duration: '2m' });
  const metrics = readSummary(run.out, 'soak-push');
  const [first = 0, , last = 0] = [1, 2, 3].map((third) => metrics[`purchase_ms{third:${third}}`]?.['p(95)'] ?? 0);
  const drifts = last > first * maxDrift + noiseMs;
  const verdict = drifts ? `more than ${maxDrift} times as slow` : 'steady';
  run.say(`Purchases, p95: first third ${first.toFixed(0)} ms, last third ${last.toFixed(0)} ms: ${verdict}`);
  return code || (drifts ? 99 : 0);
}

/** Purchases at a tenth of the peak, at the peak, at a tenth again. */
export async function spike(run: Run): Promise<number> {
  const rate = run.options.rate ?? 150;
  const vus = run.options.vus ?? Math.ceil(rate * 1.6);
  const seconds = secondsFor(run, '60s');
  const calls = (seconds / 4) * rate * 1.4;
  const tills = await openTills(run, { callsPerSecond: rate, calls, vus });
  return pushThenVerify(run, { script: 'spike', tills, load: { rate, vus, seconds, thinkSeconds: 0 } });
}

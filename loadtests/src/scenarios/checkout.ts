import { secondsOf } from '../options.ts';
import type { Outcome, Run } from '../run-scenario.ts';
import type { Metrics } from '../summary.ts';
import { openTills, pushThenVerify } from '../tills.ts';

const thinkSeconds = 1;
/** Of one till: a visit in a second, some of two calls. */
const callsPerVisit = 1.3;

const secondsFor = ({ options }: Run, standard: string): number => secondsOf(options.duration ?? standard);

async function withTills(run: Run, script: string, standard: { vus: number; duration: string }): Promise<Outcome> {
  const vus = run.options.vus ?? standard.vus;
  const seconds = secondsFor(run, standard.duration);
  const callsPerSecond = (vus / thinkSeconds) * callsPerVisit;
  const tills = await openTills(run, { callsPerSecond, calls: callsPerSecond * seconds, vus, seconds });
  return pushThenVerify(run, { script, tills, load: { vus, seconds, thinkSeconds } });
}

/** Mixed till traffic, with think time. */
export const checkout = async (run: Run): Promise<number> =>
  (await withTills(run, 'checkout', { vus: 30, duration: '60s' })).code;

/** What grows, leaks or fills up makes the end of a soak slower than its beginning; a short one has noise too. */
const maxDrift = 2;
const noiseMs = 50;

/** The p95 of purchases in each third, in milliseconds; null where a third has none. */
const thirdsOf = (metrics: Metrics | null): (number | null)[] =>
  [1, 2, 3].map((third) => {
    const time = metrics?.[`purchase_ms{third:${third}}`];
    return time?.['count'] ? (time['p(95)'] ?? null) : null;
  });

/** The same, evenly and for long. */
export async function soak(run: Run): Promise<number> {
  const { code, metrics } = await withTills(run, 'soak', { vus: 20, duration: '2m' });
  const thirds = thirdsOf(metrics);
  const [first, , last] = thirds;
  if (first == null || last == null) {
    run.say('Nothing was sold in the first or in the last third: nothing can be said about drift');
    return code || 99;
  }
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
  const tills = await openTills(run, { callsPerSecond: rate, calls, vus, seconds });
  const { code } = await pushThenVerify(run, { script: 'spike', tills, load: { rate, vus, seconds, thinkSeconds: 0 } });
  return code;
}

import { secondsOf } from '../options.ts';
import type { Outcome, Run } from '../run-scenario.ts';
import type { Metrics } from '../summary.ts';
import { watchWhile } from '../resources.ts';
import { openTills, pushThenVerify, type Beside } from '../tills.ts';

const thinkSeconds = 1;
/** Of one till: a visit in a second, some of two calls. */
const callsPerVisit = 1.3;

const secondsFor = ({ options }: Run, standard: string): number => secondsOf(options.duration ?? standard);

interface Shift {
  script: string;
  vus: number;
  seconds: number;
}

async function withTills(run: Run, { script, vus, seconds }: Shift, beside?: Beside): Promise<Outcome> {
  const callsPerSecond = (vus / thinkSeconds) * callsPerVisit;
  const tills = await openTills(run, { callsPerSecond, calls: callsPerSecond * seconds, vus, seconds });
  return pushThenVerify(run, { script, tills, load: { vus, seconds, thinkSeconds }, ...(beside && { beside }) });
}

/** Mixed till traffic, with think time. */
export const checkout = async (run: Run): Promise<number> =>
  (await withTills(run, { script: 'checkout', vus: run.options.vus ?? 30, seconds: secondsFor(run, '60s') })).code;

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
  const seconds = secondsFor(run, '2m');
  let isSteady = true;
  const { code, metrics } = await withTills(
    run,
    { script: 'soak', vus: run.options.vus ?? 20, seconds },
    async (work) => {
      const watched = await watchWhile(run, seconds, work);
      isSteady = watched.isSteady;
      return watched.done;
    },
  );
  const thirds = thirdsOf(metrics);
  const [first, , last] = thirds;
  if (first == null || last == null) {
    run.say('Nothing was sold in the first or in the last third: nothing can be said about drift');
    return code || 99;
  }
  const drifts = last > first * maxDrift + noiseMs;
  const verdict = drifts ? `more than ${maxDrift} times as slow` : 'steady';
  run.say(`Purchases, p95: first third ${first.toFixed(0)} ms, last third ${last.toFixed(0)} ms: ${verdict}`);
  return code || (drifts || !isSteady ? 99 : 0);
}

/** Visits at a tenth of the peak, at the peak, at a tenth again. */
export async function spike(run: Run): Promise<number> {
  const rate = run.options.rate ?? 150;
  const vus = run.options.vus ?? Math.ceil(rate * 1.6);
  const seconds = secondsFor(run, '60s');
  const callsPerSecond = rate * callsPerVisit;
  const tills = await openTills(run, { callsPerSecond, calls: (seconds / 4) * callsPerSecond * 1.4, vus, seconds });
  const { code } = await pushThenVerify(run, { script: 'spike', tills, load: { rate, vus, seconds, thinkSeconds: 0 } });
  return code;
}

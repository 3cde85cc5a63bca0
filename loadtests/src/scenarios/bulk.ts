import { secondsOf } from '../options.ts';
import type { Run } from '../run-scenario.ts';
import { openTills, pushThenVerify } from '../tills.ts';

/** On both sides of what is made with the answer (1,000), and the most that one batch may have. */
const sizes = [1, 100, 1_000, 1_001, 10_000];
const rounds = 2;
const makers = 4;
const thinkSeconds = 1;
/** Of one till (a visit in a second, some of two calls), and of one order: sent twice, then looked at every 0.1 s. */
const [callsPerVisit, callsPerOrder] = [1.3, 100];

/** Voucher batches, which are the bulk endpoints that there are, while tills sell; then every code and every purchase is looked for. */
export async function bulk(run: Run): Promise<number> {
  const vus = run.options.vus ?? 10;
  const seconds = secondsOf(run.options.duration ?? '60s');
  const callsPerSecond = (vus / thinkSeconds) * callsPerVisit + makers * 10;
  const calls = vus * callsPerVisit * seconds + makers * sizes.length * rounds * callsPerOrder;
  const tills = await openTills(run, { callsPerSecond, calls, vus: vus + makers, seconds });
  const codes = makers * rounds * sizes.reduce((sum, size) => sum + size, 0);
  run.say(`  ${makers * rounds * sizes.length} batches with ${codes} codes, of up to ${sizes.at(-1)} each`);
  const load = { vus, seconds, thinkSeconds, makers, sizes, rounds };
  return (await pushThenVerify(run, { script: 'bulk', tills, load })).code;
}

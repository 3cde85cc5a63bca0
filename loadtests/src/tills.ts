import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPartner } from './house.ts';
import { readPushed } from './pushed.ts';
import type { Run } from './run-scenario.ts';

/** Below the ceiling of a key (1,000 a minute) and the quota of a partner (10,000 an hour), with room for the second phase. */
const callsPerKeyAndMinute = 800;
const callsPerPartner = 8_500;
/** Below the requests at once of an enterprise partner. */
const callersPerPartner = 80;
const membersPerPartner = 20;
const canarySeconds = 1;

/** How much load a scenario offers, at most. */
export interface Load {
  callsPerSecond: number;
  calls: number;
  /** Callers at once. */
  vus: number;
}

/** As many partners and keys as a load needs so that no limit is met. */
export async function partnersFor({ house, say }: Run, { callsPerSecond, calls, vus }: Load): Promise<TestPartner[]> {
  const count = Math.max(2, Math.ceil(calls / callsPerPartner), Math.ceil(vus / callersPerPartner));
  const callsInAMinute = Math.min(calls, callsPerSecond * 60);
  const keys = Math.max(1, Math.ceil(callsInAMinute / count / callsPerKeyAndMinute));
  say(
    `  up to ${Math.ceil(callsPerSecond)} calls a second, ${Math.ceil(calls)} in all, ${vus} callers: ` +
      `${count} partners with ${keys + 1} keys each`,
  );
  const partners = [];
  for (let n = 0; n < count; n++) {
    // The last key is for the second phase, whatever the first has used up.
    partners.push(
      await house.partner({ tier: 'enterprise', agentKeys: keys + 1, pairs: 1, members: membersPerPartner }),
    );
  }
  return partners;
}

/** Partners for whole tests that push and then verify; the last is the canary's. */
export interface Tills {
  partners: TestPartner[];
  canary: TestPartner;
  context: object;
}

/** What a script with tills is told. */
export async function openTills(run: Run, load: Load): Promise<Tills> {
  const { house, target, options } = run;
  const partners = await partnersFor(run, load);
  const canary = await house.partner({ tier: 'enterprise', agentKeys: 2, pairs: 1, members: 3 });
  const forTills = partners.map((partner) => ({ ...partner, agentKeys: partner.agentKeys.slice(0, -1) }));
  const context = {
    run: randomBytes(4).toString('hex'),
    baseUrls: options.secondUrl ? [target.baseUrl, options.secondUrl] : [target.baseUrl],
    partners: forTills,
    canary,
    canarySeconds,
    hasPairs: canary.pairs.length > 0,
  };
  return { partners, canary, context };
}

/** First the script pushes; then every purchase that was answered must have arrived, in the ledger and in analytics. */
export async function pushThenVerify(
  run: Run,
  { script, tills, load }: { script: string; tills: Tills; load: object },
): Promise<number> {
  const logsTo = join(run.out, 'pushed.log');
  const code = await run.k6(script, { ...tills.context, ...load }, { name: `${script}-push`, logsTo });
  const pushed = readPushed(readFileSync(logsTo, 'utf8'), [...tills.partners, tills.canary]);
  const count = pushed.reduce((sum, { sold }) => sum + Object.keys(sold).length, 0);
  const unsure = pushed.reduce((sum, one) => sum + one.unsure.length, 0);
  run.say(`  pushed: ${count} purchases, ${unsure} without a clear answer. Now each must be in ledger and analytics.`);
  const verified = await run.k6('verify', { ...tills.context, pushed }, { name: `${script}-verify` });
  return code || verified;
}

import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestPartner } from './house.ts';
import { readPushed, totalsOf } from './pushed.ts';
import { canarySecondsFor, roomFor, type Load } from './room-rules.ts';
import type { Outcome, Run } from './run-scenario.ts';

const membersPerPartner = 20;

/** As many partners and keys as a load needs so that no limit is met. */
export async function partnersFor({ house, say }: Run, load: Load): Promise<TestPartner[]> {
  const { partners: count, keys } = roomFor(load);
  say(
    `  up to ${Math.ceil(load.callsPerSecond)} calls a second, ${Math.ceil(load.calls)} in all, ${load.vus} callers: ` +
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
  const { house, target } = run;
  const partners = await partnersFor(run, load);
  const canary = await house.partner({ tier: 'enterprise', agentKeys: 2, pairs: 1, members: 3 });
  if (canary.pairs.length === 0) {
    run.say(
      '  analytics are not compared: PARTNERS_URL and CALLER_SECRETS, with which key pairs are made, are not set',
    );
  }
  const forTills = partners.map((partner) => ({ ...partner, agentKeys: partner.agentKeys.slice(0, -1) }));
  const context = {
    run: randomBytes(4).toString('hex'),
    baseUrls: target.secondUrl ? [target.baseUrl, target.secondUrl] : [target.baseUrl],
    partners: forTills,
    canary,
    canarySeconds: canarySecondsFor(load.seconds),
    hasPairs: canary.pairs.length > 0,
  };
  return { partners, canary, context };
}

interface Push {
  script: string;
  tills: Tills;
  /** What the script is told beside the tills. */
  load: object;
  /** Runs the first phase, and what is to be seen while it runs. */
  beside?: Beside;
}

export type Beside = (work: () => Promise<Outcome>) => Promise<Outcome>;

/**
 * First the script pushes; then everything that was answered must have arrived, in the ledger and in analytics.
 * Gives the worse of both exit codes, and how the first went.
 */
export async function pushThenVerify(
  run: Run,
  { script, tills, load, beside = (work) => work() }: Push,
): Promise<Outcome> {
  const logsTo = join(run.out, 'pushed.log');
  const push = await beside(() => run.k6(script, { ...tills.context, ...load }, { name: `${script}-push`, logsTo }));
  // What could not begin has left nothing to verify.
  if (!existsSync(logsTo)) return { ...push, code: push.code || 1 };
  const lines = createInterface({ input: createReadStream(logsTo), crlfDelay: Infinity });
  const pushed = await readPushed(lines, [...tills.partners, tills.canary]);
  const totals = totalsOf(pushed);
  run.say(`  pushed: ${told(totals)}. Now each must be there.`);
  const pushedFile = run.keepSecret('pushed.json', JSON.stringify(pushed));
  const { code } = await run.k6(
    'verify',
    { ...tills.context, pushedFile, totals, count: pushed.length },
    { name: `${script}-verify` },
  );
  return { ...push, code: push.code || code };
}

const told = ({ sold, redeemed, stamps, handed, vouchers, codes, unsure }: ReturnType<typeof totalsOf>): string =>
  [
    `${sold} purchases, ${redeemed} redemptions, ${stamps} stamps, ${handed} full cards handed in, ${vouchers} vouchers used`,
    ...(codes > 0 ? [`${codes} codes`] : []),
    `${unsure} without a clear answer`,
  ].join(', ');

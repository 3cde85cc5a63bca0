import { planLimits } from '@punchcard/contracts';
import { ownGateway } from '../gateways.ts';
import type { Tier } from '../options.ts';
import type { Run } from '../run-scenario.ts';

/** No key reaches its ceiling of 1,000 a minute, even if the whole test takes less than a minute. */
const callsPerKey = 900;
const countdown = 30;
/** So that refusals are seen too. */
const attemptsPerQuota = 1.04;
const leastRefused = 100;
/** Below the requests at once of each plan. */
const vusOf = { enterprise: 20, professional: 15, standard: 10 };

interface Case {
  name: string;
  tier: Tier;
  gateways: string[];
}

async function prepare({ house, options }: Run, { name, tier, gateways }: Case) {
  const quota = planLimits[tier].callsPerHour;
  const attempts = Math.ceil(quota * attemptsPerQuota) + leastRefused;
  const keys = Math.ceil(attempts / callsPerKey);
  const pairs = Math.max(1, Math.floor(keys / 3));
  const { agentKeys, pairs: made } = await house.partner({ tier, agentKeys: Math.max(2, keys - pairs) + 1, pairs });
  const vus = Math.min(options.vus ?? vusOf[tier], vusOf[tier]);
  return { name, tier, quota, attempts, countdown, vus, agentKeys, pairs: made, baseUrls: gateways };
}

/** Addresses of two gateways that share one Redis; one, where there is no second. */
async function twoGateways({ target, out, say, atEnd }: Run): Promise<string[]> {
  if (target.secondUrl) return [target.baseUrl, target.secondUrl];
  if (!target.stack) {
    say('  no second gateway: name one with --second-url');
    return [target.baseUrl];
  }
  const second = await ownGateway(target.stack, { out, env: { GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8' } });
  atEnd(() => second.kill('SIGTERM'));
  await second.start();
  say(`  second gateway, same Redis: ${second.url}`);
  return [target.baseUrl, second.url];
}

/** A fresh partner of each tier gets its quota and not one call more; one of them through two gateways. */
export async function hourlyQuota(run: Run): Promise<number> {
  const { options, target, say } = run;
  if (!target.partners) {
    say('  over the Agent API alone: PARTNERS_URL and CALLER_SECRETS, with which key pairs are made, are not set');
  }
  const both = await twoGateways(run);
  const cases: Case[] = options.tiers.map((tier) => ({ name: tier, tier, gateways: [target.baseUrl] }));
  const [first] = options.tiers;
  if (both.length > 1 && first) cases.push({ name: `${first}_two_gateways`, tier: first, gateways: both });
  const prepared = [];
  for (const one of cases) prepared.push(await prepare(run, one));
  for (const { name, quota, attempts, agentKeys, pairs } of prepared) {
    say(`  ${name}: ${attempts} calls with ${agentKeys.length + pairs.length} keys, of which ${quota} may be admitted`);
  }
  const { code } = await run.k6('hourly-quota', { cases: prepared, countdownTime: '15s', maxDuration: '15m' });
  return code;
}

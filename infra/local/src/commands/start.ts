import type { Folders } from '../folders.ts';
import { stopLeftovers } from '../processes/pid-files.ts';
import { refuseTakenPorts } from '../processes/ports.ts';
import { askedToStop } from '../processes/signals.ts';
import { becomeSupervisor, publishFacts, retire } from '../processes/supervisor.ts';
import { seconds } from '../processes/wait.ts';
import { seedOnce } from '../seed/seed-once.ts';
import { planStack } from '../stack/plan-stack.ts';
import type { StackPlan } from '../stack/plan-stack.ts';
import { portsOf } from '../stack/ports.ts';
import { readCredentials } from '../state/credentials.ts';
import type { CommonOptions } from './options.ts';
import { foldersFrom } from './options.ts';
import { showSteps } from './show-steps.ts';
import { summary } from './summary.ts';

export type StartOptions = CommonOptions & {
  /** False: without sample data. */
  seed: boolean;
};

const bringUp = async (plan: StackPlan, seed: boolean): Promise<void> => {
  const { folders, partWishes, serviceWishes, startParts, startServices } = plan;
  const leftovers = await stopLeftovers(folders.run);
  if (leftovers.length > 0) console.log(`Ended what an earlier start had left running: ${leftovers.join(', ')}`);
  await refuseTakenPorts([...partWishes, ...serviceWishes]);
  await showSteps([...startParts, startServices]);
  publishFacts(folders, plan.facts());
  if (seed) await showSteps([seedOnce(plan)]);
};

const tellReady = (plan: StackPlan, since: number): void => {
  console.log(summary(plan.facts(), readCredentials(plan.folders.credentials)));
  const howToStop = process.send ? 'Stop it: npm stop' : 'Stop it: Ctrl-C';
  console.log(`Punchcard is ready after ${seconds(since)}. ${howToStop}. Logs: ${plan.folders.logs}`);
  // Whoever started us in the background is waiting for this, and then leaves.
  process.send?.('ready');
  if (process.connected) process.disconnect();
};

const planned = async (folders: Folders): Promise<StackPlan> =>
  planStack({
    dir: folders.root,
    ports: portsOf(process.env),
    env: process.env,
    log: (line) => console.log(line),
    restart: true,
    prefix: 'punchcard',
  });

/** Brings up everything, stays until it is asked to stop, and then stops everything. Gives the exit code. */
export const start = async (options: StartOptions): Promise<number> => {
  const since = performance.now();
  const folders = foldersFrom(options);
  const plan = await planned(folders);
  becomeSupervisor(folders, plan.ports.gateway);
  const stopSignal = askedToStop();
  let exitCode = 0;
  try {
    const begun = bringUp(plan, options.seed).then(() => tellReady(plan, since));
    const interruption = await Promise.race([begun.then(() => undefined), stopSignal]);
    if (interruption) exitCode = 130;
    await stopSignal;
    console.log('Stopping …');
  } finally {
    await plan.stop();
    retire(folders);
  }
  console.log('Stopped. The data stays.');
  return exitCode;
};

import { stopLeftovers } from '../processes/pid-files.ts';
import { refuseTakenPorts } from '../processes/ports.ts';
import { becomeSupervisor, retire, runningFacts } from '../processes/supervisor.ts';
import { migrateAll } from '../stack/databases.ts';
import { planStack } from '../stack/plan-stack.ts';
import { portsOf } from '../stack/ports.ts';
import type { CommonOptions } from './options.ts';
import { foldersFrom } from './options.ts';
import { showSteps } from './show-steps.ts';

/** Brings all databases and topics to the newest state: of the running stack, or with the parts started for it. */
export const migrate = async (options: CommonOptions): Promise<number> => {
  const folders = foldersFrom(options);
  const running = runningFacts(folders);
  if (running) {
    await showSteps([migrateAll(() => running)]);
    return 0;
  }
  const plan = await planStack({
    dir: folders.root,
    ports: portsOf(process.env),
    env: process.env,
    log: (line) => console.log(line),
    restart: false,
    prefix: 'punchcard',
  });
  becomeSupervisor(folders, plan.ports.gateway);
  try {
    await stopLeftovers(folders.run);
    await refuseTakenPorts(plan.partWishes);
    await showSteps(plan.startParts);
    return 0;
  } finally {
    await plan.stop();
    retire(folders);
  }
};

import { runningFacts } from '../processes/supervisor.ts';
import { seedOnce } from '../seed/seed-once.ts';
import { readCredentials } from '../state/credentials.ts';
import type { CommonOptions } from './options.ts';
import { foldersFrom } from './options.ts';
import { showSteps } from './show-steps.ts';
import { summary } from './summary.ts';

/** Loads the sample data into the running stack, or goes on where an earlier attempt stopped. */
export const seed = async (options: CommonOptions): Promise<number> => {
  const folders = foldersFrom(options);
  const facts = runningFacts(folders);
  if (!facts) throw new Error('Punchcard is not running. Start it first: npm start');
  await showSteps([seedOnce({ folders, facts: () => facts })]);
  console.log(summary(facts, readCredentials(folders.credentials)));
  return 0;
};

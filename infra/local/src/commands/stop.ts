import { listPidFiles, isRunning, stopLeftovers } from '../processes/pid-files.ts';
import { retire, supervisorOf } from '../processes/supervisor.ts';
import { seconds, waitUntil } from '../processes/wait.ts';
import type { CommonOptions } from './options.ts';
import { foldersFrom } from './options.ts';

const stopTimeoutMs = 90_000;

/** Ends a running stack, or what a crashed one has left. */
export const stop = async (options: CommonOptions): Promise<number> => {
  const since = performance.now();
  const folders = foldersFrom(options);
  const supervisor = supervisorOf(folders);
  if (!supervisor && !listPidFiles(folders.run).some(isRunning)) {
    console.log('Punchcard is not running.');
    return 0;
  }
  if (supervisor) {
    process.kill(supervisor.pid, 'SIGTERM');
    await waitUntil(() => !isRunning(supervisor), { timeoutMs: stopTimeoutMs });
    if (isRunning(supervisor)) process.kill(supervisor.pid, 'SIGKILL');
  }
  await stopLeftovers(folders.run);
  retire(folders);
  console.log(`Stopped in ${seconds(since)}. The data stays.`);
  return 0;
};

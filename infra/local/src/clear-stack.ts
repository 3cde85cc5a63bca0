import { realpath, rm } from 'node:fs/promises';
import { foldersOf } from './folders.ts';
import { stopLeftovers } from './processes/pid-files.ts';
import { refuseSecond } from './processes/supervisor.ts';

/**
 * Ends what a crashed start with this state folder left running, and removes the folder: the next start begins from nothing.
 * Throws if a stack that is held runs there.
 */
export const clearStack = async (dir: string): Promise<void> => {
  const folders = foldersOf(dir);
  const { root, run, postgres } = folders;
  refuseSecond(folders);
  await stopLeftovers(run);
  // PostgreSQL's own folder may lie elsewhere, with a link to it here.
  const linked = await realpath(postgres).catch(() => postgres);
  await rm(linked, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
};

import { realpath, rm } from 'node:fs/promises';
import { foldersOf } from './folders.ts';
import { stopLeftovers } from './processes/pid-files.ts';

/** Ends what an earlier start with this state folder left running, and removes the folder: the next start begins from nothing. */
export const clearStack = async (dir: string): Promise<void> => {
  const { root, run, postgres } = foldersOf(dir);
  await stopLeftovers(run);
  // PostgreSQL's own folder may lie elsewhere, with a link to it here.
  const linked = await realpath(postgres).catch(() => postgres);
  await rm(linked, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
};

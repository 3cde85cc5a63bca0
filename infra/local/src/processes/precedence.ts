import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { waitUntil } from './wait.ts';

/** Of what works behind a sale that was answered already: a third of the weight of what serves one. */
export const behindASale = 5;

/** False when it is worth trying again. That a process has ended, or a system has no such thing, is not. */
const attempt = (change: () => void): boolean => {
  try {
    change();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
};

/**
 * Lets other processes go first where cores are short. Linux shares them out among sessions before it looks at processes, and each
 * process of ours is a session of its own: there it is the session's nice value that counts. Users that are not root may change one of
 * those each 100 ms.
 */
export const giveWay = async (pid: number, niceness: number): Promise<void> => {
  attempt(() => setPriority(pid, niceness));
  const tellSession = () => attempt(() => writeFileSync(`/proc/${pid}/autogroup`, String(niceness), { flag: 'r+' }));
  await waitUntil(tellSession, { timeoutMs: 5_000, everyMs: 110 });
};

import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
};

const birthFromProc = (pid: number): string | undefined => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // A zombie has ended; in a container nobody may ever reap it.
  return state === 'Z' || state === 'X' ? undefined : `${bootId()}:${fields[19]}`;
};

const birthFromPs = (pid: number): string | undefined => {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
};

/**
 * When a process was born, as an opaque text, or undefined if none with this pid runs.
 * Pids are used again, in containers within minutes: only pid and birth together name a process.
 */
export const birthOf = (pid: number): string | undefined => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    return process.platform === 'linux' ? birthFromProc(pid) : birthFromPs(pid);
  } catch {
    return undefined;
  }
};

/** The command line of a process, for messages; empty if it cannot be read. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
};

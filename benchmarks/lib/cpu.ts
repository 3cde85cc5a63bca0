import { readFileSync } from 'node:fs';

/** Linux: USER_HZ is 100 on all that we run on. */
const ticksPerSecond = 100;

/** CPU time that a process and its children have used so far; NaN where /proc does not tell. */
export function cpuSecondsOf(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    return children.reduce((sum, child) => sum + cpuSecondsOf(Number(child)), own);
  } catch {
    return NaN;
  }
}

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What is measured runs on one core, all that measures and helps on the other. */
export const measuredCore = 0;
const otherCore = 1;

const canPin = ((): boolean => {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A note for the report when cores could not be kept apart. */
export const pinningNote = canPin ? [] : ['No taskset or only one core: what measures and what is measured shared it.'];

/** Puts this process, and so all that it starts from now on, on the core of the helpers. */
export function moveAside(): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', String(otherCore), String(process.pid)], { stdio: 'ignore' });
}

/** A command line that runs on the measured core. */
export const onMeasuredCore = (command: string, args: readonly string[]): [command: string, args: string[]] =>
  canPin ? ['taskset', ['-c', String(measuredCore), command, ...args]] : [command, [...args]];

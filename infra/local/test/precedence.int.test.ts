import { afterEach, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { giveWay } from '../src/processes/precedence.ts';

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

it('a process that gives way does so as a process and as a session', async () => {
  child = spawn('sleep', ['30'], { detached: true });
  const pid = child.pid!;
  await giveWay(pid, 5);
  expect(getPriority(pid)).toBe(5);
  const session = `/proc/${pid}/autogroup`;
  if (existsSync(session)) expect(readFileSync(session, 'utf8')).toContain('nice 5');
});

it('one that has ended gives way to all', async () => {
  child = spawn('true');
  const { pid } = child;
  await new Promise((resolve) => child!.once('exit', resolve));
  await expect(giveWay(pid!, 5)).resolves.toBeUndefined();
});

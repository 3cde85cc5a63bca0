import { spawn, spawnSync } from 'node:child_process';
import type { Note } from '../progress.ts';

export type RunOptions = {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  user?: { uid: number; gid: number } | undefined;
  onLine?: (line: string) => void;
  timeoutMs?: number;
};

/** Runs a command to its end; throws with the end of its output if it fails. */
export const run = (command: string, args: string[], options: RunOptions = {}): Promise<void> => {
  const { env = process.env, cwd = '/', user, onLine, timeoutMs = 600_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      cwd,
      ...user,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8_000);
      for (const line of chunk.toString('utf8').split(/[\r\n]+/)) if (line.trim()) onLine?.(line.trim());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const lines = output.trimEnd().split('\n').slice(-15).join('\n');
      reject(new Error(`\`${command} ${args.slice(0, 3).join(' ')} …\` ended with ${signal ?? code}:\n${lines}`));
    });
  });
};

/** Whether a program is on the PATH. */
export const hasCommand = (command: string): boolean =>
  spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', command], { stdio: 'ignore' }).status === 0;

export type Requirement = {
  command: string;
  /** The Debian package that brings it. */
  debianPackage: string;
  /** Whose requirement it is, and how else it can be met. */
  why: string;
};

const isRoot = () => process.getuid?.() === 0;

const install = async (debianPackage: string, note: Note): Promise<void> => {
  // RUNLEVEL=1 keeps Debian from starting the service it installs: we start our own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const onLine = (line: string) => note(line.slice(0, 100));
  note(`installing ${debianPackage} (apt-get)`);
  const args = ['install', '-y', '--no-install-recommends', debianPackage];
  try {
    await run('apt-get', args, { env, onLine });
  } catch {
    // A fresh machine has no package lists yet.
    await run('apt-get', ['update'], { env, onLine });
    await run('apt-get', args, { env, onLine });
  }
};

/** Makes sure that a program is there: installed when we are root on Debian, otherwise an error that says what to do. */
export const need = async ({ command, debianPackage, why }: Requirement, note: Note): Promise<void> => {
  if (hasCommand(command)) return;
  if (isRoot() && hasCommand('apt-get')) await install(debianPackage, note);
  if (hasCommand(command)) return;
  throw new Error(`\`${command}\` is missing. ${why}\nOn Debian or Ubuntu: sudo apt-get install -y ${debianPackage}`);
};

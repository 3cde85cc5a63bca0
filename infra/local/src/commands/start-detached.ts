import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLog } from '../processes/log-file.ts';
import { foldersFrom } from './options.ts';
import type { StartOptions } from './start.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Copies what is appended to a file to standard output, until it is told to stop. */
const follow = (file: string) => {
  const fd = openSync(file, 'r');
  let position = fstatSync(fd).size;
  const buffer = Buffer.alloc(65_536);
  const copy = () => {
    for (;;) {
      const read = readSync(fd, buffer, 0, buffer.length, position);
      if (read === 0) return;
      position += read;
      process.stdout.write(Buffer.from(buffer.subarray(0, read)));
    }
  };
  const timer = setInterval(copy, 100);
  return () => {
    clearInterval(timer);
    copy();
    closeSync(fd);
  };
};

const outcomeOf = (supervisor: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    supervisor.once('error', reject);
    supervisor.once('message', () => resolve(0));
    supervisor.once('exit', (code) => resolve(code ?? 1));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => supervisor.kill(signal));
  });

/** The same as `start`, in the background: shows its progress until everything is ready, then leaves it running. */
export const startDetached = async (options: StartOptions): Promise<number> => {
  const file = join(foldersFrom(options).logs, 'supervisor.log');
  const log = openLog(file);
  const stopFollowing = follow(file);
  const dir = options.dir ? ['--dir', options.dir] : [];
  const supervisor = spawn(process.execPath, [main, 'start', ...dir, ...(options.seed ? [] : ['--no-seed'])], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  try {
    return await outcomeOf(supervisor);
  } finally {
    stopFollowing();
    supervisor.unref();
    if (supervisor.connected) supervisor.disconnect();
  }
};

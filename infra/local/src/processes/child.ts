import { closeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { birthOf } from './identity.ts';
import { openLog } from './log-file.ts';
import { removePidFile, writePidFile } from './pid-files.ts';
import { waitUntil } from './wait.ts';

export type ProcessSpec = {
  name: string;
  kind: 'service' | 'part';
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Default `/`: every user may enter it, while the server's own user may not be able to enter the folder we are in. */
  cwd?: string;
  port: number;
  /** The server's user, when we are root and it must not be. */
  user?: { uid: number; gid: number } | undefined;
  logFile: string;
  runFolder: string;
  stopSignal: NodeJS.Signals;
  /** Is awaited before each start: clears away what the last run of it left behind. */
  beforeStart?: () => Promise<unknown>;
  isReady: () => Promise<boolean>;
  readyTimeoutMs: number;
};

export type Child = {
  readonly pid: number | undefined;
  isRunning(): boolean;
  /** How it ended, in words. */
  ending(): string;
  /** Sends a signal; after one that ends a process, waits (bounded) until it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
};

const endingSignals = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']);
const endTimeoutMs = 25_000;

const alive = new Map<ChildProcess, NodeJS.Signals>();

// If this process ends without having stopped its children (an uncaught error, an aborted test), they are told.
process.on('exit', () => {
  for (const [child, signal] of alive) child.kill(signal);
});

const spawnLogged = ({ command, args, env, cwd = '/', user, logFile }: ProcessSpec): ChildProcess => {
  const log = openLog(logFile);
  try {
    return spawn(command, args, {
      cwd,
      env,
      // A process group of its own: Ctrl-C reaches only the supervisor, which then stops all in order.
      detached: true,
      stdio: ['ignore', log, log],
      ...user,
    });
  } finally {
    closeSync(log);
  }
};

/** Starts a process with its output in its log and a pid file; `onExit` is called once when it ends. */
export const startChild = (spec: ProcessSpec, onExit: () => void): Child => {
  const { name, kind, port, stopSignal, runFolder } = spec;
  let failure: Error | undefined;
  const child = spawnLogged(spec);
  child.unref();
  alive.set(child, stopSignal);
  child.once('error', (error) => {
    failure = error;
    alive.delete(child);
    onExit();
  });
  child.once('exit', () => {
    alive.delete(child);
    removePidFile(runFolder, name);
    onExit();
  });
  const birth = child.pid === undefined ? undefined : birthOf(child.pid);
  if (child.pid !== undefined && birth) {
    writePidFile(runFolder, { name, kind, pid: child.pid, birth, port, stopSignal });
  }

  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid,
    isRunning,
    ending: () => failure?.message ?? (child.signalCode ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`),
    kill: async (signal) => {
      if (!isRunning()) return;
      child.kill(signal);
      if (!endingSignals.has(signal)) return;
      // A stopped process (SIGSTOP) meets the signal only when it goes on.
      child.kill('SIGCONT');
      await waitUntil(() => !isRunning(), { timeoutMs: endTimeoutMs, everyMs: 10 });
    },
  };
};

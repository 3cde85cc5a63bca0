import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from './identity.ts';
import { waitUntil } from './wait.ts';

export type PidFile = {
  name: string;
  kind: 'supervisor' | 'service' | 'part';
  pid: number;
  /** See birthOf: a pid alone may be somebody else's by now. */
  birth: string;
  port: number | null;
  stopSignal: NodeJS.Signals;
};

const fileOf = (folder: string, name: string) => join(folder, `${name}.json`);

/** Remembers a process, so that the next start can end it if this one crashes. */
export const writePidFile = (folder: string, entry: PidFile): void => {
  mkdirSync(folder, { recursive: true });
  const file = fileOf(folder, entry.name);
  writeFileSync(`${file}.new`, JSON.stringify(entry));
  renameSync(`${file}.new`, file);
};

export const removePidFile = (folder: string, name: string): void => rmSync(fileOf(folder, name), { force: true });

const readEntry = (file: string): PidFile | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidFile;
  } catch {
    return undefined;
  }
};

/** The file of one process, whether or not it still runs. */
export const readPidFile = (folder: string, name: string): PidFile | undefined => readEntry(fileOf(folder, name));

/** All files of a folder; unreadable ones (a crash while writing) are left out. */
export const listPidFiles = (folder: string): PidFile[] => {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => readEntry(join(folder, file)) ?? []);
  } catch {
    return [];
  }
};

/** Whether the process that wrote this file is the one that now has its pid. */
export const isRunning = ({ pid, birth }: PidFile): boolean => birthOf(pid) === birth;

const stopLeftover = async (entry: PidFile): Promise<void> => {
  const hasEnded = () => !isRunning(entry);
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(entry.pid, signal);
    } catch {
      // It ended between the question and the signal.
    }
  };
  send(entry.stopSignal);
  // A stopped process (SIGSTOP) would never see the signal.
  send('SIGCONT');
  if (await waitUntil(hasEnded, { timeoutMs: 20_000 })) return;
  send('SIGKILL');
  await waitUntil(hasEnded, { timeoutMs: 5_000 });
};

/**
 * Ends what an earlier start left running because it was killed, services before the parts they use,
 * and removes files of processes that are gone. Gives the names of those that were still running.
 */
export const stopLeftovers = async (folder: string): Promise<string[]> => {
  const entries = listPidFiles(folder).filter(({ kind }) => kind !== 'supervisor');
  const running = entries.filter(isRunning);
  for (const kind of ['service', 'part'] as const) {
    await Promise.all(running.filter((entry) => entry.kind === kind).map(stopLeftover));
  }
  for (const { name } of entries) removePidFile(folder, name);
  return running.map(({ name }) => name);
};

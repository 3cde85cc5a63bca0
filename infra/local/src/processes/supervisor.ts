import { rmSync } from 'node:fs';
import type { Folders } from '../folders.ts';
import { readJson, writePrivateJson } from '../state/json-file.ts';
import type { StackFacts } from '../stack/environment.ts';
import { birthOf } from './identity.ts';
import { isRunning, readPidFile, removePidFile, writePidFile } from './pid-files.ts';
import type { PidFile } from './pid-files.ts';

const name = 'supervisor';

/** The process that holds the stack of a folder, if one does. */
export const supervisorOf = ({ run }: Folders): PidFile | undefined => {
  const file = readPidFile(run, name);
  return file && isRunning(file) ? file : undefined;
};

/** Throws if a process holds the stack of this folder. */
export const refuseSecond = (folders: Folders): void => {
  const other = supervisorOf(folders);
  if (!other) return;
  throw new Error(
    `Punchcard is running already (pid ${other.pid}). See it: npm run status. Stop it: npm stop. ` +
      'To start another beside it, choose a folder (--dir) and ports of its own.',
  );
};

/** Makes this process the one that holds the stack. Throws if another does. */
export const becomeSupervisor = (folders: Folders, port: number): void => {
  refuseSecond(folders);
  const { run } = folders;
  const birth = birthOf(process.pid) ?? '';
  writePidFile(run, { name, kind: 'supervisor', pid: process.pid, birth, port, stopSignal: 'SIGTERM' });
};

const factsFile = ({ root }: Folders) => `${root}/stack.json`;

/** Leaves the addresses of the running stack for the other commands. They hold passwords, so only the owner may read them. */
export const publishFacts = (folders: Folders, facts: StackFacts): void => writePrivateJson(factsFile(folders), facts);

/** The addresses of the stack that runs now; undefined when none does. */
export const runningFacts = (folders: Folders): StackFacts | undefined =>
  supervisorOf(folders) && readJson<StackFacts>(factsFile(folders));

/** The stack has ended. */
export const retire = (folders: Folders): void => {
  rmSync(factsFile(folders), { force: true });
  removePidFile(folders.run, name);
};

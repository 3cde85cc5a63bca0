import type { ProcessSpec } from '../processes/child.ts';
import { manage } from '../processes/managed.ts';
import type { Managed } from '../processes/managed.ts';
import type { Log, Note } from '../progress.ts';
import type { Part, PartName } from './part.ts';

export type NativePartOptions = {
  name: PartName;
  url: string;
  /** Whether it comes back by itself when it ends unasked. */
  restart: boolean;
  log: Log;
  prepare: (note: Note) => Promise<ProcessSpec>;
};

/** A part as a process of our own. What it needs (programs, data folder) is prepared at its first start. */
export const nativePart = ({ name, url, restart, log, prepare }: NativePartOptions, note: Note): Part => {
  let server: Managed | undefined;
  return {
    name,
    source: 'native',
    url,
    get pid() {
      return server?.pid;
    },
    start: async () => {
      server ??= manage(await prepare(note), { restart, log });
      await server.start();
    },
    kill: async (signal) => server?.kill(signal),
    stop: async () => server?.stop(),
  };
};

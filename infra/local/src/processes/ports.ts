import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { commandOf } from './identity.ts';

const listenOnce = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });

/** Whether something listens on this port of the loopback address. */
export const isTaken = async (port: number): Promise<boolean> => {
  try {
    await listenOnce(port);
    return false;
  } catch {
    return true;
  }
};

/** A port that nobody listens on now. */
export const freePort = (): Promise<number> => listenOnce(0);

const listeningInode = (port: number): string | undefined => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(`:${hex}`)) return inode;
    }
  }
  return undefined;
};

const holds = (pid: string, inode: string): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
};

/** Who listens on a port, as far as this user may know: `postgres -D … (pid 12)`. */
export const listenerOf = (port: number): string | undefined => {
  try {
    const inode = listeningInode(port);
    if (!inode) return undefined;
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, inode));
    return pid && `${commandOf(Number(pid)).slice(0, 80)} (pid ${pid})`;
  } catch {
    return undefined;
  }
};

export type PortWish = {
  /** Whose port it is, for the message. */
  owner: string;
  /** The environment variable that chooses another. */
  variable: string;
  port: number;
};

const line = ({ owner, variable, port }: PortWish): string => {
  const listener = listenerOf(port);
  return `  ${port} for ${owner}${listener ? `: taken by ${listener}` : ''}; choose another with ${variable}=…`;
};

/** Throws one error that names every port that is taken, by whom, and the variable that chooses another. */
export const refuseTakenPorts = async (wishes: PortWish[]): Promise<void> => {
  const taken = await Promise.all(wishes.map(({ port }) => isTaken(port)));
  const lines = wishes.filter((_, index) => taken[index]).map(line);
  if (lines.length === 0) return;
  throw new Error(
    [`${lines.length === 1 ? 'A port is' : 'Ports are'} taken by another program:`, ...lines].join('\n') +
      '\nStop that program, or choose other ports, for example: GATEWAY_PORT=4100 npm start',
  );
};

import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { commandOf } from './identity.ts';

const listenOnce = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve()));
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

// Below those that systems choose by themselves (Linux from 32768, others from 49152): one of those can become a stranger's
// before its owner listens, or while it starts again.
const choice = { from: 20_000, to: 32_000 };
const handedOut = new Set<number>();

/** A port that nobody listens on now, never the same twice. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = randomInt(choice.from, choice.to);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (!(await isTaken(port))) return port;
  }
  throw new Error(`No port from ${choice.from} to ${choice.to} is free`);
};

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

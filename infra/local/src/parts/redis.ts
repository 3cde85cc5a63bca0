import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import type { ProcessSpec } from '../processes/child.ts';
import type { Note } from '../progress.ts';
import { need } from './commands.ts';
import { redisAnswers } from './probes.ts';

export const redisUrl = (port: number): string => `redis://127.0.0.1:${port}`;

const serverArgs = (folder: string, port: number): string[] => [
  '--port',
  String(port),
  '--bind',
  '127.0.0.1',
  '--dir',
  folder,
  '--save',
  '',
  '--appendonly',
  'yes',
];

/** Describes the process that serves Redis; installs the program if it is missing and we may. */
export const prepareRedis = async (folders: Folders, port: number, note: Note): Promise<ProcessSpec> => {
  const why = 'Redis holds rate limits and notifications. Instead you can set REDIS_URL, or start Docker.';
  await need({ command: 'redis-server', debianPackage: 'redis-server', why }, note);
  mkdirSync(folders.redis, { recursive: true });
  return {
    name: 'redis',
    kind: 'part',
    command: 'redis-server',
    args: serverArgs(folders.redis, port),
    env: { PATH: process.env['PATH'] },
    port,
    logFile: join(folders.logs, 'redis.log'),
    runFolder: folders.run,
    stopSignal: 'SIGTERM',
    isReady: () => redisAnswers(redisUrl(port)),
    readyTimeoutMs: 30_000,
  };
};

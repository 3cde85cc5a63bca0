import { chmodSync, chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import type { ProcessSpec } from '../processes/child.ts';
import { commandOf } from '../processes/identity.ts';
import { waitUntil } from '../processes/wait.ts';
import type { Note } from '../progress.ts';
import { run } from './commands.ts';
import { installedPrograms, postgresHome } from './postgres-home.ts';
import type { PostgresHome } from './postgres-home.ts';
import { postgresAnswers } from './probes.ts';

export type PostgresOptions = { folders: Folders; port: number; password: string; programs?: string | undefined };

export const postgresUrl = ({ port, password }: { port: number; password: string }): string =>
  `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

/** As `initdb` and as POSTGRES_INITDB_ARGS of docker-compose.yml: letters compare and fold alike on every machine. */
const localeArgs = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

const makeCluster = async ({ programs, folder, data, user }: PostgresHome, password: string): Promise<void> => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  // Renamed when it is whole, so that a start that was interrupted begins anew.
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await run(join(programs, 'bin', 'initdb'), [...args, ...localeArgs], { user });
    renameSync(unfinished, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

/** Whether a process still uses the shared memory of that id. Only Linux tells. */
const isMemoryUsed = (id: string | undefined): boolean => {
  const list = '/proc/sysvipc/shm';
  if (!id || !existsSync(list)) return false;
  const rows = readFileSync(list, 'utf8').split('\n');
  return rows.some((row) => {
    const [_key, shmid, _perms, _size, _cpid, _lpid, users] = row.trim().split(/\s+/);
    return shmid === id && users !== '0';
  });
};

/**
 * PostgreSQL refuses to start while the pid in its lock file is alive. After a crash that may be a server that nobody
 * remembers (it is stopped), or by now quite another program (then the file is removed). It refuses, too, while a process of
 * a server that was killed is not gone yet: those notice a moment later.
 */
const clearLock = async (data: string): Promise<void> => {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const lines = readFileSync(lock, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const memory = lines[6]?.trim().split(/\s+/)[1];
  const isServer = () => commandOf(pid).includes(data);
  if (isServer()) process.kill(pid, 'SIGINT');
  else if (commandOf(pid) !== '') rmSync(lock, { force: true });
  await waitUntil(() => !isServer() && !isMemoryUsed(memory), { timeoutMs: 20_000 });
};

const serverArgs = ({ data, port }: { data: string; port: number }): string[] => {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '400',
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    log_checkpoints: 'off',
  };
  return [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
};

/** Makes the cluster on first use, and describes the process that serves it. */
export const preparePostgres = async (options: PostgresOptions, note: Note): Promise<ProcessSpec> => {
  const { folders, port, password } = options;
  const installed = options.programs ?? installedPrograms();
  for (const program of ['initdb', 'postgres']) chmodSync(join(installed, 'bin', program), 0o755);
  const home = postgresHome(folders.postgres, installed, note);
  if (!existsSync(join(home.data, 'PG_VERSION'))) {
    note('making the database cluster');
    await makeCluster(home, password);
  }
  return {
    name: 'postgres',
    kind: 'part',
    command: join(home.programs, 'bin', 'postgres'),
    args: serverArgs({ data: home.data, port }),
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    port,
    user: home.user,
    logFile: join(folders.logs, 'postgres.log'),
    runFolder: folders.run,
    // Fast shutdown: open transactions are rolled back, nothing waits for clients to leave.
    stopSignal: 'SIGINT',
    beforeStart: () => clearLock(home.data),
    isReady: () => postgresAnswers(postgresUrl({ port, password })),
    readyTimeoutMs: 60_000,
  };
};

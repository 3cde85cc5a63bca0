import { spawnSync } from 'node:child_process';
import type { Note } from '../progress.ts';

/** The user that PostgreSQL runs as when we are root: it refuses to be root itself. */
export type ServerUser = { uid: number; gid: number };

const idOf = (flag: '-u' | '-g', name: string): number | undefined => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
};

const find = (name: string): ServerUser | undefined => {
  const uid = idOf('-u', name);
  const gid = idOf('-g', name);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
};

const create = (note: Note): void => {
  note('making a system user "postgres" for it, since PostgreSQL must not run as root');
  spawnSync('useradd', ['--system', '--no-create-home', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres']);
};

/** Undefined when we are not root: then PostgreSQL runs as we do. */
export const serverUser = (note: Note): ServerUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  if (!find('postgres')) create(note);
  const user = find('postgres') ?? find('nobody');
  if (!user) throw new Error('PostgreSQL must not run as root, and there is no user "postgres": make one with useradd');
  return user;
};

/** Whether that user may run a program there and enter a folder: a home folder, say, may be closed to it. */
export const mayReach = (user: ServerUser, paths: { program: string; folder: string }): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -r "$1" -a -x "$1" -a -x "$2"', 'sh', paths.program, paths.folder], {
    ...user,
    cwd: '/',
  }).status === 0;

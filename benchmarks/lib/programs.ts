import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './folders.ts';

export interface Program {
  command: string;
  env: NodeJS.ProcessEnv;
}

/** Debian packages with a program, and the libraries that a small system may lack. */
const packages: Record<string, string[]> = {
  nginx: ['nginx'],
  haproxy: ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'],
  caddy: ['caddy'],
  wrk: ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common'],
  pgbench: ['postgresql-15', 'libpq5'],
};

const usualPlaces = ['/usr/local/bin', '/usr/sbin', '/usr/bin', '/usr/lib/postgresql/*/bin'];

/**
 * A program on this machine, else from Debian's package, unpacked below `.local/benchmarks` (nothing is installed, no
 * service of it starts). A string says why there is none.
 */
export function findProgram(name: string): Program | string {
  const own = process.env[name.toUpperCase()];
  if (own) return { command: own, env: process.env };
  const places = [...(process.env['PATH'] ?? '').split(':'), ...usualPlaces];
  const found = places.flatMap((place) => globSync(join(place, name))).find((file) => existsSync(file));
  if (found) return { command: found, env: process.env };
  return unpacked(name);
}

function unpacked(name: string): Program | string {
  const folder = benchFolder('peers', name);
  const find = () => globSync(`{usr/,}{bin,sbin,lib/postgresql/*/bin}/${name}`, { cwd: folder })[0];
  if (!find()) {
    const problem = unpack(name, folder);
    if (problem) return problem;
  }
  const file = find();
  if (!file) return `${name}: Debian's package does not have it where it was looked for`;
  const command = join(folder, file);
  const libraries = globSync('{usr/,}lib/*-linux-gnu*', { cwd: folder }).map((path) => join(folder, path));
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
  const missing = missingLibraries(command, env);
  return missing.length === 0
    ? { command, env }
    : `${name} needs ${missing.join(', ')} (apt-get install ${packages[name]![0]} brings them)`;
}

function unpack(name: string, folder: string): string | null {
  try {
    process.stderr.write(`  fetching Debian's package of ${name}\n`);
    execFileSync('apt-get', ['download', '-qq', ...packages[name]!], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 120_000,
    });
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
      execFileSync('dpkg-deb', ['-x', join(folder, file), folder], { stdio: 'ignore' });
    }
    return null;
  } catch {
    return `${name} is not on this machine, and apt-get download ${packages[name]!.join(' ')} did not work (apt-get update?)`;
  }
}

function missingLibraries(command: string, env: NodeJS.ProcessEnv): string[] {
  try {
    const lines = execFileSync('ldd', [command], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...lines.matchAll(/(\S+) => not found/g)].map(([, library]) => library!);
  } catch {
    // Linked statically.
    return [];
  }
}

/** Like `findProgram`, for what the benchmark cannot do without. */
export function needProgram(name: string): Program {
  const found = findProgram(name);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

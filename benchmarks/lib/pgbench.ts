import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './programs.ts';
import { quantile } from './numbers.ts';
import type { Load } from './wrk.ts';

export interface PgbenchRun {
  program: Program;
  databaseUrl: string;
  /** In pgbench's language. */
  script: string;
  clients: number;
  seconds: number;
}

/** One prepared transaction after another on each of as many connections as there are clients. */
export async function pgbench({ program, databaseUrl, script, clients, seconds }: PgbenchRun): Promise<Load> {
  const folder = mkdtempSync(join(tmpdir(), 'punchcard-pgbench-'));
  try {
    const file = join(folder, 'script.sql');
    writeFileSync(file, script);
    const { hostname, port, username, password, pathname } = new URL(databaseUrl);
    const { stdout } = await promisify(execFile)(
      program.command,
      [
        ...['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', '1', '-T', String(seconds)],
        ...['-l', '--log-prefix', join(folder, 'log'), '-h', hostname, '-p', port, '-U', username, pathname.slice(1)],
      ],
      { env: { ...program.env, PGPASSWORD: decodeURIComponent(password) } },
    );
    const [, tps] = /tps = ([\d.]+)/.exec(stdout) ?? [];
    if (!tps) throw new Error(`pgbench said nothing of tps:\n${stdout}`);
    const taken = latenciesIn(folder);
    return { perSecond: Number(tps), p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The third field of its log is how long a transaction took, in µs. */
const latenciesIn = (folder: string): number[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('log'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => Number(line.split(' ')[2]) / 1_000);

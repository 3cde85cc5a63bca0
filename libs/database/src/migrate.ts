import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { checkDatabase, connect, type Sql } from './connect.ts';
import { isUniqueViolation } from './failures.ts';

/** The folder with the tables that every service has. `migrate` applies it first. */
export const sharedMigrations = new URL('../migrations/', import.meta.url);

/** The tables of `sharedMigrations`, and the one that remembers migrations. */
export const systemTables: readonly string[] = [
  'outbox',
  'sequences',
  'inbox',
  'applied_sequences',
  'applied_offsets',
  'idempotency_keys',
  'migrations',
];

interface Migration {
  name: string;
  checksum: string;
  text: string;
}

const LOCK = 7_203_517;

/**
 * Brings a database to the newest state: makes it if it is missing, then applies `NNNN_what_it_does.sql` of the shared folder
 * and of `folder`, each in a transaction of its own. Forward only; refuses to go on when an applied file was changed.
 * Several processes may start it at once. A `folder` of null: the shared tables alone. Returns the names it applied.
 */
export async function migrate(
  url: string,
  folder: URL | string | null,
  log: (line: string) => void = () => undefined,
): Promise<string[]> {
  const migrations = [...(await read(sharedMigrations, 'shared/')), ...(folder === null ? [] : await read(folder, ''))];
  await createDatabase(url, log);
  const sql = connect(url, { poolMax: 1, applicationName: 'migrate', statementTimeoutMs: 600_000 });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    return await apply(sql, migrations, log);
  } finally {
    await sql.end();
  }
}

async function apply(sql: Sql, migrations: readonly Migration[], log: (line: string) => void): Promise<string[]> {
  await sql`
    create table if not exists migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )
  `;
  const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from migrations`;
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const fresh: string[] = [];
  for (const { name, checksum, text } of migrations) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum) {
      throw new Error(`Migration ${name} was changed after it was applied. Write a new one instead.`);
    }
    if (before !== undefined) continue;
    const later = rows.find((row) => folderOf(row.name) === folderOf(name) && row.name > name);
    if (later)
      throw new Error(`Migration ${name} comes before ${later.name}, which is applied. Give it the next number.`);
    await sql.begin(async (tx) => {
      await tx`insert into migrations (name, checksum) values (${name}, ${checksum})`;
      await tx.unsafe(text);
    });
    log(`migrated ${name}`);
    fresh.push(name);
  }
  return fresh;
}

const folderOf = (name: string): string => name.slice(0, name.indexOf('/') + 1);

async function read(folder: URL | string, prefix: string): Promise<Migration[]> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const files = (await readdir(path)).filter((file) => file.endsWith('.sql')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file))
        throw new Error(`Migration ${file} is not named NNNN_what_it_does.sql.`);
      const text = await readFile(join(path, file), 'utf8');
      return { name: prefix + file, checksum: createHash('sha256').update(text).digest('hex'), text };
    }),
  );
}

/** Asks the database itself first: who may use it need not be allowed into `postgres`. */
async function createDatabase(url: string, log: (line: string) => void): Promise<void> {
  if (await isThere(url)) return;
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const sql = connect(maintenance.href, { poolMax: 1, applicationName: 'migrate', statementTimeoutMs: 60_000 });
  try {
    await sql`create database ${sql(name)}`;
    log(`created database ${name}`);
  } catch (error) {
    if (!isUniqueViolation(error) && !hasCode(error, DUPLICATE_DATABASE)) throw error; // Another process was faster.
  } finally {
    await sql.end();
  }
}

async function isThere(url: string): Promise<boolean> {
  const sql = connect(url, { poolMax: 1, applicationName: 'migrate' });
  try {
    await checkDatabase(sql);
    return true;
  } catch (error) {
    if (hasCode(error, UNKNOWN_DATABASE)) return false;
    throw error;
  } finally {
    await sql.end();
  }
}

const UNKNOWN_DATABASE = '3D000';
const DUPLICATE_DATABASE = '42P04';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { newId } from '@punchcard/contracts';
import { connect, migrate, sharedMigrations, type ConnectOptions, type Sql } from '@punchcard/database';

/** A database of its own for one test file. */
export interface TestDatabase {
  url: string;
  /** For the pools of a service: a process that stood still, or holds a lock longer than it meant to, refuses nothing. */
  patientUrl: string;
  sql: Sql;
  /** Closes `sql` and drops the database. For `afterAll`. */
  drop(): Promise<void>;
}

/**
 * A fresh copy of a service's migrated database; `shared` has only the tables that all services have. Takes some 100 ms:
 * the migrations run once for each state of their files, later calls copy the result.
 */
export async function createTestDatabase(service: string, options: ConnectOptions = {}): Promise<TestDatabase> {
  const template = await templateOf(service);
  const name = `test_${service}_${newId().replaceAll('-', '').slice(8)}`;
  await maintain((sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  const url = urlOf(name);
  const sql = connect(url, { applicationName: 'test', ...options });
  return {
    url,
    patientUrl: `${url}?lock_timeout=20000&statement_timeout=20000`,
    sql,
    drop: async () => {
      await sql.end({ timeout: 5 });
      await maintain((admin) => admin`drop database if exists ${admin(name)} with (force)`);
    },
  };
}

/** Drops what runs that were killed left behind. Only for a server that nobody else uses. */
export async function dropLeftovers(): Promise<void> {
  await maintain(async (sql) => {
    const left = await sql<{ name: string }[]>`select datname as name from pg_database where datname like 'test\\_%'`;
    for (const { name } of left) await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

const templates = new Map<string, Promise<string>>();

function templateOf(service: string): Promise<string> {
  let template = templates.get(service);
  if (!template) templates.set(service, (template = makeTemplate(service)));
  return template;
}

/** Its name says which migrations it has, so one that exists is right, whoever made it. */
async function makeTemplate(service: string): Promise<string> {
  const folder = new URL(`../../../services/${service}/migrations/`, import.meta.url);
  if (service !== 'shared' && !existsSync(folder)) throw new Error(`services/${service}/migrations does not exist`);
  const own = service === 'shared' ? null : folder;
  const name = `template_${service}_${await stateOf(own ? [sharedMigrations, own] : [sharedMigrations])}`;
  await maintain(async (sql) => {
    await sql`select pg_advisory_lock(hashtext(${name}))`;
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length > 0) return;
    // Renamed when it is ready, so a run that was killed leaves no half of one.
    const draft = `${name}_draft`;
    await sql`drop database if exists ${sql(draft)} with (force)`;
    await migrate(urlOf(draft), own);
    await sql`alter database ${sql(draft)} rename to ${sql(name)}`;
  });
  return name;
}

async function stateOf(folders: readonly URL[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of (await readdir(folder)).toSorted())
      hash.update(file).update(await readFile(new URL(file, folder)));
  }
  return hash.digest('hex').slice(0, 12);
}

async function maintain<T>(work: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const sql = connect(serverUrl(), { poolMax: 1, applicationName: 'test', statementTimeoutMs: 60_000 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url)
    throw new Error('TEST_POSTGRES_URL is not set. Run the tests through Jest: its global setup starts the parts.');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

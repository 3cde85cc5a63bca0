import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { newId } from '@punchcard/contracts';
import { connect, migrate, systemTables, type Sql } from '../src/index.ts';

let server: TestDatabase;
let folder: string;
let url: string;

beforeAll(async () => {
  // To drop a database waits for a checkpoint of the server.
  server = await createTestDatabase('shared', { statementTimeoutMs: 60_000 });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'punchcard-migrations-'));
  const fresh = new URL(server.url);
  fresh.pathname = `/test_migrate_${newId().replaceAll('-', '').slice(8)}`;
  url = fresh.href;
});
afterEach(async () => {
  await server.sql`drop database if exists ${server.sql(new URL(url).pathname.slice(1))} with (force)`;
  await rm(folder, { recursive: true });
});
afterAll(() => server.drop());

const file = (name: string, text: string) => writeFile(join(folder, name), text);

async function look<T>(work: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const sql = connect(url, { poolMax: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

const tables = async () => {
  const rows = await look(
    (sql) =>
      sql<
        { name: string }[]
      >`select table_name::text as name from information_schema.tables where table_schema = 'public'`,
  );
  return rows.map(({ name }) => name).toSorted();
};

describe('migrate', () => {
  it('makes the database, the tables that all services have, and those of the service, in order', async () => {
    await file('0002_more.sql', 'alter table things add column more int;');
    await file('0001_things.sql', 'create table things (id int); -- one\ncreate index on things (id);');

    const names = await migrate(url, folder);

    expect(names.slice(-2)).toEqual(['0001_things.sql', '0002_more.sql']);
    expect(names.slice(0, -2).every((name) => name.startsWith('shared/'))).toBe(true);
    expect(await tables()).toEqual([...systemTables, 'things'].toSorted());
  });

  it('applies each file once, and only the new ones later', async () => {
    await file('0001_things.sql', 'create table things (id int);');
    await migrate(url, folder);
    await file('0002_more.sql', 'create table more (id int);');

    expect(await migrate(url, folder)).toEqual(['0002_more.sql']);
    expect(await migrate(url, folder)).toEqual([]);
  });

  it('applies each file once when several processes start at once', async () => {
    await file('0001_things.sql', 'create table things (id int); select pg_sleep(0.1);');

    const names = await Promise.all([1, 2, 3, 4].map(() => migrate(url, folder)));

    expect(names.flat().filter((name) => name === '0001_things.sql')).toHaveLength(1);
  });

  it('keeps nothing of a file that fails, and goes on from there when it is mended', async () => {
    await file('0001_things.sql', 'create table things (id int);');
    await file('0002_bad.sql', 'create table half (id int); create table things (id int);');

    await expect(migrate(url, folder)).rejects.toThrow('already exists');
    expect(await tables()).not.toContain('half');
    await file('0002_bad.sql', 'create table half (id int);');

    expect(await migrate(url, folder)).toEqual(['0002_bad.sql']);
  });

  it('refuses to go on when a file was changed after it was applied', async () => {
    await file('0001_things.sql', 'create table things (id int);');
    await migrate(url, folder);
    await file('0001_things.sql', 'create table things (id bigint);');

    await expect(migrate(url, folder)).rejects.toThrow('0001_things.sql was changed after it was applied');
  });

  it('refuses a new file that comes before an applied one', async () => {
    await file('0002_things.sql', 'create table things (id int);');
    await migrate(url, folder);
    await file('0001_late.sql', 'create table late (id int);');

    await expect(migrate(url, folder)).rejects.toThrow('0001_late.sql comes before');
  });

  it('refuses a file whose name is no number and words', async () => {
    await file('1-things.sql', 'select 1;');

    await expect(migrate(url, folder)).rejects.toThrow('NNNN_what_it_does.sql');
  });
});

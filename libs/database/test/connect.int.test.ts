import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { checkDatabase, connect, isConnectionLost, isTimeout, isUniqueViolation, poolStats } from '../src/index.ts';
import { givenNetwork, type Network } from './given.ts';

let database: TestDatabase;
let network: Network | undefined;

beforeAll(async () => {
  database = await createTestDatabase('shared');
  await database.sql`create table things (partner_id uuid, thing_id int, name text, facts jsonb, primary key (partner_id, thing_id))`;
});
afterEach(async () => {
  await network?.close();
  network = undefined;
});
afterAll(() => database.drop());

const PARTNER = '0192f0c1-2b7e-7000-8000-000000000001';

describe('connect', () => {
  it('names columns in camel case and leaves the keys inside jsonb alone', async () => {
    const { sql } = database;

    await sql`insert into things ${sql({ partnerId: PARTNER, thingId: 1, facts: sql.json({ card_id: 1 }) })}`;
    const rows = await sql`select thing_id, facts from things where partner_id = ${PARTNER} and thing_id = 1`;

    expect([...rows]).toEqual([{ thingId: 1, facts: { card_id: 1 } }]);
  });

  it('reads bigint as a number, and refuses one that is no exact number', async () => {
    const { sql } = database;

    const [row] =
      await sql`select 9007199254740991::bigint as most, array[1, 2]::bigint[] as all, sum(n)::bigint as sum from generate_series(1, 3) n`;

    expect(row).toEqual({ most: Number.MAX_SAFE_INTEGER, all: [1, 2], sum: 6 });
    await expect(sql`select 9007199254740992::bigint as more`).rejects.toThrow('does not fit a number');
    await expect(checkDatabase(sql)).resolves.toBeUndefined();
  });

  it('reads a date as its text and an instant as a Date, and writes both', async () => {
    const [row] = await database.sql`select ${'2026-03-08'}::date as day, ${new Date(0)}::timestamptz as at`;

    expect(row).toEqual({ day: '2026-03-08', at: new Date(0) });
  });

  it('writes and reads arrays of any type, nulls included', async () => {
    const at = new Date(0);

    const [row] = await database.sql`
      select ${[at, null]}::timestamptz[] as times, ${[true, null]}::boolean[] as flags, ${[null, 'NULL', 'a "b", c']}::text[] as texts,
        ${[1, null]}::bigint[] as points, ${[PARTNER]}::uuid[] as ids, ${[]}::int[] as none, array['2026-03-08']::date[] as days
    `;

    expect(row).toEqual({
      times: [at, null],
      flags: [true, null],
      texts: [null, 'NULL', 'a "b", c'],
      points: [1, null],
      ids: [PARTNER],
      none: [],
      days: ['2026-03-08'],
    });
  });

  it.each([
    [{}, { jit: 'off', statementTimeout: '5s', lockTimeout: '0', enableSeqscan: 'on', planCacheMode: 'auto' }],
    [
      { byKeyOnly: true, statementTimeoutMs: 700 },
      {
        jit: 'off',
        statementTimeout: '700ms',
        lockTimeout: '2s',
        enableSeqscan: 'off',
        planCacheMode: 'force_generic_plan',
      },
    ],
  ])('sets up its sessions: %j', async (options, expected) => {
    const sql = connect(database.url, options);

    const [row] = await sql`
      select current_setting('jit') as jit, current_setting('statement_timeout') as statement_timeout,
        current_setting('lock_timeout') as lock_timeout, current_setting('enable_seqscan') as enable_seqscan,
        current_setting('plan_cache_mode') as plan_cache_mode
    `;
    await sql.end();

    expect(row).toEqual(expected);
  });

  it('refuses a slow statement as SERVICE_UNAVAILABLE and goes on', async () => {
    const sql = connect(database.url, { poolMax: 1, statementTimeoutMs: 1_000 });

    const error: unknown = await sql`select pg_sleep(5)`.catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause: { code: '57014' } });
    expect(isTimeout(error)).toBe(true);
    await expect(checkDatabase(sql)).resolves.toBeUndefined();
    await sql.end();
  });

  it('says in the stack of an error where the statement is written', async () => {
    const error = (await database.sql`select no_such_column`.catch((thrown: unknown) => thrown)) as Error;

    expect(error.message).toContain('no_such_column');
    expect(error.stack).toContain('connect.int.test.ts');
  });

  it('tells which constraint refused a row', async () => {
    const { sql } = database;
    const insert = () => sql`insert into things (partner_id, thing_id) values (${PARTNER}, 7)`;
    await insert();

    const error: unknown = await insert().catch((thrown: unknown) => thrown);

    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'things_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'other_key')).toBe(false);
  });

  it('lets no statement wait behind a slow one while connections are free, and serves waiters in order', async () => {
    const sql = connect(database.url, { poolMax: 2 });
    const order: string[] = [];
    let slow: Promise<unknown> | undefined;

    await database.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(7)`;
      slow = sql`select pg_advisory_xact_lock(7)`.then(() => order.push('slow'));
      await Promise.all(['a', 'b', 'c'].map((name) => sql`select 1`.then(() => order.push(name))));
    });
    await slow;

    expect(order).toEqual(['a', 'b', 'c', 'slow']);

    expect(poolStats(sql)).toEqual({ connections: 2, idle: 2, waiting: 0 });
    await sql.end();
  });

  it('finishes what is under way when it ends, what waits for a connection included, and refuses the rest', async () => {
    const sql = connect(database.url, { poolMax: 1 });
    const sleeping = sql`select pg_sleep(0.1)`;
    const waiting = sql.begin((tx) => tx`select 2 as two`);
    await Promise.all([sleeping.execute(), new Promise((resolve) => setTimeout(resolve, 20))]);

    const ending = sql.end();
    const late: unknown = await sql`select 1`.catch((thrown: unknown) => thrown);
    await ending;

    expect(isConnectionLost(late)).toBe(true);
    expect([...(await waiting)]).toEqual([{ two: 2 }]);
  });

  it('fails fast while the server is away and works as soon as it is back', async () => {
    network = await givenNetwork(database.url);
    const { port } = new URL(network.url);
    const sql = connect(network.url, { poolMax: 3 });
    await checkDatabase(sql);
    await network.close();

    const failures = await Promise.allSettled(Array.from({ length: 20 }, () => checkDatabase(sql)));
    network = await givenNetwork(database.url, 0, Number(port));
    await Promise.all(Array.from({ length: 20 }, () => checkDatabase(sql)));

    expect(failures.filter(({ status }) => status === 'rejected').length).toBe(20);
    expect(poolStats(sql)).toEqual({ connections: 3, idle: 3, waiting: 0 });
    await sql.end();
  });
});

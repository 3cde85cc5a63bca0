import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { connect, inBatch, isConnectionLost, poolStats, wasRolledBack, type Sql } from '../src/index.ts';
import { givenNetwork, type Network } from './given.ts';

let database: TestDatabase;
let network: Network | undefined;
let pool: Sql | undefined;

beforeAll(async () => {
  database = await createTestDatabase('shared');
  await database.sql`create table counters (partner_id text, name text, value int check (value >= 0), primary key (partner_id, name))`;
});
afterEach(async () => {
  await pool?.end({ timeout: 1 });
  await network?.close();
  pool = network = undefined;
});
afterAll(() => database.drop());

const valueOf = async (name: string) => {
  const rows = await database.sql<
    { value: number }[]
  >`select value from counters where partner_id = 'p' and name = ${name}`;
  return rows[0]?.value;
};
const thrownBy = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );

/** A pool whose server is some way off, with a connection that has run all statements of the batch before. */
async function givenDistantPool(): Promise<{ sql: Sql; away: Network }> {
  network = await givenNetwork(database.url, 15);
  pool = connect(network.url, { poolMax: 1 });
  return { sql: pool, away: network };
}

const addOne = (sql: Sql, name: string) =>
  inBatch(
    sql,
    async (tx) => {
      const [[lock], [sum]] = await Promise.all([
        tx<{ value: number }[]>`select value from counters where partner_id = 'p' and name = ${name} for update`,
        tx<{ sum: number }[]>`select coalesce(sum(value), 0)::int as sum from counters where partner_id = 'p'`,
      ]);
      return { value: lock?.value ?? 0, sum: sum!.sum };
    },
    (tx, { value }) => ({
      answer: value + 1,
      statements: [
        tx`
          insert into counters (partner_id, name, value) values ('p', ${name}, ${value + 1})
          on conflict (partner_id, name) do update set value = excluded.value
        `,
        tx`
          insert into counters (partner_id, name, value) values ('p', ${name + ' copy'}, ${value + 1})
          on conflict (partner_id, name) do update set value = excluded.value
        `,
      ],
    }),
  );

describe('inBatch', () => {
  it('takes two round trips, whatever it reads and writes', async () => {
    const { sql, away } = await givenDistantPool();
    await addOne(sql, 'trips');

    const before = away.roundTrips();
    const answer = await addOne(sql, 'trips');

    expect(answer).toBe(2);
    expect(away.roundTrips() - before).toBe(2);
    expect([await valueOf('trips'), await valueOf('trips copy')]).toEqual([2, 2]);
  });

  it('takes two round trips for a megabyte too', async () => {
    const { sql, away } = await givenDistantPool();
    const text = 'x'.repeat(1_000_000);
    const write = () =>
      inBatch(
        sql,
        (tx) => tx`select 1 as one`,
        (tx) => ({
          answer: null,
          statements: [1, 2].map(
            () => tx`
              insert into counters (partner_id, name, value) values ('p', 'big', length(${text}::text))
              on conflict (partner_id, name) do update set value = excluded.value
            `,
          ),
        }),
      );
    await write();

    const before = away.roundTrips();
    await write();

    expect(away.roundTrips() - before).toBe(2);
    expect(await valueOf('big')).toBe(1_000_000);
  });

  it('keeps nothing when a statement is refused, says so, and leaves the connection usable', async () => {
    const { sql } = await givenDistantPool();

    const error = await thrownBy(
      inBatch(
        sql,
        (tx) => tx`select 1`,
        (tx) => ({
          answer: null,
          statements: [
            tx`insert into counters (partner_id, name, value) values ('p', 'refused', 1)`,
            tx`insert into counters (partner_id, name, value) values ('p', 'negative', -1)`,
            tx`insert into counters (partner_id, name, value) values ('p', 'after', 1)`,
          ],
        }),
      ),
    );

    expect(error).toMatchObject({ code: '23514' });
    expect(wasRolledBack(error)).toBe(true);
    expect([await valueOf('refused'), await valueOf('after')]).toEqual([undefined, undefined]);
    expect(await addOne(sql, 'after refusal')).toBe(1);
    expect(poolStats(sql)).toEqual({ connections: 1, idle: 1, waiting: 0 });
  });

  it.each([1, 2, 3])('keeps nothing when parameter %i of three cannot be written', async (bad) => {
    const { sql } = await givenDistantPool();
    const name = `unwritable ${bad}`;
    await addOne(sql, name);

    const error = await thrownBy(
      inBatch(
        sql,
        (tx) => tx`select 1`,
        (tx) => ({
          answer: null,
          statements: [1, 2, 3].map(
            (n) => tx`
              update counters set value = 90 + ${n === bad ? (undefined as never) : n}
              where partner_id = 'p' and name = ${name}
            `,
          ),
        }),
      ),
    );

    expect(error).toMatchObject({ code: 'UNDEFINED_VALUE' });
    expect(wasRolledBack(error)).toBe(true);
    expect(await valueOf(name)).toBe(1);
    expect(await addOne(sql, name)).toBe(2);
  });

  it('keeps nothing when a decision throws, and says that nothing was kept', async () => {
    const bug = new TypeError('a bug');

    const error = await thrownBy(
      inBatch(
        database.sql,
        (tx) => tx`insert into counters (partner_id, name, value) values ('p', 'bug', 1)`,
        () => {
          throw bug;
        },
      ),
    );

    expect(error).toBe(bug);
    expect(wasRolledBack(error)).toBe(true);
    expect(await valueOf('bug')).toBeUndefined();
  });
});

describe('begin', () => {
  it('sends its first statement with the begin: three round trips for two statements', async () => {
    const { sql, away } = await givenDistantPool();
    const work = () =>
      sql.begin(async (tx) => {
        await tx`select 1`;
        return tx`select 2 as two`;
      });
    await work();

    const before = away.roundTrips();
    expect([...(await work())]).toEqual([{ two: 2 }]);

    expect(away.roundTrips() - before).toBe(3);
  });

  it('rolls back what a throwing work wrote', async () => {
    const error = await thrownBy(
      database.sql.begin(async (tx) => {
        await tx`insert into counters (partner_id, name, value) values ('p', 'thrown', 1)`;
        throw new Error('no');
      }),
    );

    expect(error).toEqual(new Error('no'));
    expect(await valueOf('thrown')).toBeUndefined();
  });

  it('throws the error of a statement even if the work caught it, or did not wait for it', async () => {
    const refused = (waits: boolean) =>
      database.sql.begin(async (tx) => {
        const bad = tx`insert into counters (partner_id, name, value) values ('p', 'caught', -1)`;
        if (waits) await bad.catch(() => undefined);
        else void bad.execute();
        return 'done';
      });

    expect(await thrownBy(refused(true))).toMatchObject({ code: '23514' });
    expect(await thrownBy(refused(false))).toMatchObject({ code: '23514' });
  });

  it('gives its connection back once, also when the commit itself is refused', async () => {
    const sql = (pool = connect(database.url, { poolMax: 1 }));
    await sql`create table orders (partner_id text, order_id int primary key deferrable initially deferred)`;

    const error = await thrownBy(
      sql.begin((tx) => tx`insert into orders (partner_id, order_id) values ('p', 1), ('p', 1)`),
    );

    expect(error).toMatchObject({ code: '23505' });
    expect(wasRolledBack(error)).toBe(true);
    expect(poolStats(sql)).toEqual({ connections: 1, idle: 1, waiting: 0 });
  });

  it('refuses a statement that comes after its end', async () => {
    const tx = await database.sql.begin((open) => ({ open }));

    await expect(tx.open`select 1`).rejects.toThrow('The transaction has ended');
  });

  it.each([
    ['closed', 'close', 'during'],
    ['closed', 'close', 'between'],
    ['reset', 'reset', 'during'],
    ['reset', 'reset', 'between'],
  ] as const)('ends as SERVICE_UNAVAILABLE when the connection is %s (%s, %s statements)', async (_name, how, when) => {
    network = await givenNetwork(database.url);
    const { cut } = network;
    const sql = (pool = connect(network.url, { poolMax: 2 }));

    const error = await thrownBy(
      sql.begin(async (tx) => {
        await tx`insert into counters (partner_id, name, value) values ('p', 'cut', 1)`;
        if (when === 'between') cut(how);
        else setTimeout(() => cut(how), 30);
        if (when === 'between') await new Promise((resolve) => setTimeout(resolve, 30));
        await tx`select pg_sleep(1)`;
      }),
    );

    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(isConnectionLost(error)).toBe(true);
    expect(wasRolledBack(error)).toBe(false);
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
    expect(await valueOf('cut')).toBeUndefined();
  });

  it('survives the end of its session by the server, and does not pass the error on to the next', async () => {
    const sql = (pool = connect(database.url, { poolMax: 1 }));

    const error = await thrownBy(
      sql.begin(async (tx) => {
        const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
        await database.sql`select pg_terminate_backend(${row!.pid})`;
        await tx`select 1`;
      }),
    );

    expect(isConnectionLost(error)).toBe(true);
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  });

  it('answers every statement and keeps every connection usable when the network is cut again and again', async () => {
    network = await givenNetwork(database.url);
    const { cut } = network;
    const sql = (pool = connect(network.url, { poolMax: 4 }));
    let answers = 0;
    const strange: unknown[] = [];
    // When it fails, too: over a pool that is closed the callers would never let the event loop turn again.
    const until = performance.now() + 50_000;
    const isDone = () => answers >= 500 || strange.length > 0 || performance.now() > until;

    const callers = Array.from({ length: 12 }, async (_, n) => {
      while (!isDone()) {
        const work = n % 2 ? sql`select 1` : sql.begin((tx) => Promise.all([tx`select 1`, tx`select ${n}::int`]));
        const error = await thrownBy(work);
        if (error && !isConnectionLost(error)) strange.push(error);
        if (!error && (answers += 1) % 20 === 0) cut(answers % 40 === 0 ? 'reset' : 'close');
      }
    });
    await Promise.all(callers);
    expect(strange).toEqual([]);
    expect(answers).toBeGreaterThanOrEqual(500);
    // Each connection may have met the last cut.
    await Promise.all([1, 2, 3, 4].map(() => thrownBy(sql`select 1`)));

    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
    expect(poolStats(sql)).toMatchObject({ waiting: 0 });
  });
});

describe('reserve', () => {
  it('keeps one session until it is released', async () => {
    const sql = (pool = connect(database.url, { poolMax: 1 }));
    const reserved = await sql.reserve();
    const [first] = await reserved`select pg_backend_pid() as pid, pg_try_advisory_lock(42) as locked`;
    const other = sql`select pg_backend_pid() as pid`;

    const [second] = await reserved`select pg_backend_pid() as pid, pg_advisory_unlock(42) as locked`;
    reserved.release();
    reserved.release();

    expect(second).toEqual(first);
    expect([...(await other)]).toEqual([{ pid: first!['pid'] as number }]);
    await sql`select 1`;
    expect(poolStats(sql)).toEqual({ connections: 1, idle: 1, waiting: 0 });
  });

  it('fails for good when its connection is lost', async () => {
    network = await givenNetwork(database.url);
    const sql = (pool = connect(network.url, { poolMax: 1 }));
    const reserved = await sql.reserve();

    network.cut('reset');
    await new Promise((resolve) => setTimeout(resolve, 30));

    expect(isConnectionLost(await thrownBy(reserved`select 1`))).toBe(true);
    expect(isConnectionLost(await thrownBy(reserved`select 1`))).toBe(true);
    reserved.release();
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  });
});

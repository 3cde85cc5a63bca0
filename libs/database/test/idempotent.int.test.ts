import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type IdempotencyKey } from '@punchcard/contracts';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { connect, idempotent, sweepIdempotencyKeys, type Work } from '../src/index.ts';
import { givenNetwork } from './given.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('shared', { poolMax: 60 });
  await database.sql`create table writes (partner_id uuid, write_id uuid, primary key (partner_id, write_id))`;
});
afterAll(() => database.drop());

const givenKey = (changes: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  partnerId: newId(),
  scope: 'partner',
  key: 'order-1',
  requestHash: 'hash of the request',
  ...changes,
});

const write = (
  key: IdempotencyKey,
  work: Partial<Work> & { afterMs?: number; until?: Promise<void>; onBegun?: () => void } = {},
) =>
  idempotent(database.sql, key, async (tx) => {
    const id = newId();
    await tx`insert into writes (partner_id, write_id) values (${key.partnerId}, ${id})`;
    work.onBegun?.();
    if (work.afterMs) await new Promise((resolve) => setTimeout(resolve, work.afterMs));
    await work.until;
    return { data: { id }, status: 201, ...work };
  });

const countWrites = async ({ partnerId }: IdempotencyKey) => {
  const rows = await database.sql`select 1 from writes where partner_id = ${partnerId}`;
  return rows.length;
};

describe('idempotent', () => {
  it('runs the first use and answers its repeats with the same data and status', async () => {
    const key = givenKey();

    const first = await write(key);
    const repeat = await write(key);

    expect(first).toMatchObject({ status: 201, replayed: false });
    expect(repeat).toEqual({ ...first, replayed: true });
    expect(await countWrites(key)).toBe(1);
  });

  it('replays data exactly: order of fields, nulls, texts like numbers', async () => {
    const key = givenKey();
    const data = { z: 1, a: [null, '1.50', 1.5], 'ä "x"': { deep: true } };

    await write(key, { data });
    const repeat = await write(key, { data });

    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(data));
  });

  it('makes one write of fifty parallel requests with one key', async () => {
    const key = givenKey();

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => write(key, { afterMs: 20 })));

    expect(new Set(outcomes.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await countWrites(key)).toBe(1);
  });

  it('refuses another request under a used key and says when it was first used', async () => {
    const key = givenKey();
    await write(key);

    await expect(write({ ...key, requestHash: 'another' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { first_used_at: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
  });

  it('keeps nothing of a write that failed: the key is free', async () => {
    const key = givenKey();
    const refused = idempotent(database.sql, key, async (tx) => {
      await tx`insert into writes (partner_id, write_id) values (${key.partnerId}, ${newId()})`;
      throw new Error('refused');
    });

    await expect(refused).rejects.toThrow('refused');
    expect(await write(key)).toMatchObject({ replayed: false });
    expect(await countWrites(key)).toBe(1);
  });

  it('lets the second run when the first, for which it waited, fails', async () => {
    const key = givenKey();
    const begun = Promise.withResolvers<void>();
    const failing = idempotent(database.sql, key, async () => {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new Error('refused');
    });
    await begun.promise;

    const second = write(key);

    await expect(failing).rejects.toThrow('refused');
    expect(await second).toMatchObject({ replayed: false });
  });

  it('answers IDEMPOTENCY_IN_FLIGHT when the first still runs after five seconds', async () => {
    const key = givenKey();
    const begun = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<void>();
    const slow = write(key, { until: refused.promise, onBegun: begun.resolve });
    await begun.promise;

    const since = performance.now();
    await expect(write(key).finally(refused.resolve)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_FLIGHT',
      retryAfter: 1,
    });
    expect(performance.now() - since).toBeGreaterThan(4_900);
    expect(await slow).toMatchObject({ replayed: false });
    expect(await write(key)).toMatchObject({ replayed: true });
  });

  it('keys of other partners and scopes are other keys', async () => {
    const key = givenKey();
    const others = [{ partnerId: newId() }, { scope: 'member:1' }, { key: 'order-2' }].map((change) => ({
      ...key,
      ...change,
    }));

    const outcomes = [await write(key), ...(await Promise.all(others.map((other) => write(other))))];

    expect(outcomes.map(({ replayed }) => replayed)).toEqual([false, false, false, false]);
  });

  it('never keeps a secret: a replay has null in its place', async () => {
    const key = givenKey();
    const work = { data: { id: 1, key: 'rl_agent_secret' }, secrets: ['key'] };

    const first = await write(key, work);
    const repeat = await write(key, work);

    expect(first.data).toEqual({ id: 1, key: 'rl_agent_secret' });
    expect(repeat.data).toEqual({ id: 1, key: null, secret_shown_once: true });
    const kept =
      await database.sql`select data::text as text from idempotency_keys where partner_id = ${key.partnerId}`;
    expect(JSON.stringify(kept)).not.toContain('rl_agent_secret');
  });

  it('runs every time without a key', async () => {
    const outcomes = await Promise.all(
      [1, 2].map(() => idempotent(database.sql, null, async () => ({ data: 'done' }))),
    );

    expect(outcomes).toEqual([1, 2].map(() => ({ data: 'done', status: undefined, replayed: false })));
  });

  it('forgets a key that is swept as too old, and no other', async () => {
    const [old, young] = [givenKey(), givenKey()];
    await write(old);
    await write(young);
    await database.sql`
      update idempotency_keys set created_at = now() - interval '31 days' where partner_id = ${old.partnerId}
    `;

    await sweepIdempotencyKeys(database.sql, new Date(Date.now() - 30 * 86_400_000));

    expect(await write(old)).toMatchObject({ replayed: false });
    expect(await write(young)).toMatchObject({ replayed: true });
  });

  it('restores the usual time-outs for the work itself', async () => {
    const { data } = await idempotent(database.sql, givenKey(), async (tx) => {
      const [row] = await tx`
        select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock
      `;
      return { data: row };
    });

    expect(data).toEqual({ statement: '5s', lock: '0' });
  });

  it('costs two round trips beside those of the work', async () => {
    const network = await givenNetwork(database.url, 15);
    const sql = connect(network.url, { poolMax: 1 });
    const once = () => idempotent(sql, givenKey(), async () => ({ data: null }));
    await once();

    const before = network.roundTrips();
    await once();

    expect(network.roundTrips() - before).toBe(2);
    await sql.end();
    await network.close();
  });
});

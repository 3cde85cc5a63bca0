import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { silent } from '../src/log.ts';
import { createRelay, type Relay } from '../src/relay.ts';
import { createWriter } from '../src/writer.ts';
import { clubDraft, givenWorld, waitedFor, type World } from './given.ts';

let world: World;
let relay: Relay;
beforeAll(async () => {
  world = await givenWorld();
  relay = createRelay({ sql: world.sql, kafka: world.kafka, source: 'catalog', log: silent });
  relay.start();
  world.closing.push(() => relay.stop());
});
afterAll(() => world.close());

const keyOf = (partnerId: string, key = 'k') => ({ partnerId, scope: 'partner', key, requestHash: 'h' });
const outboxOf = (partnerId: string) =>
  world.sql`select sequence from outbox where partner_id = ${partnerId} order by id`;

describe('a write of reference data', () => {
  it('answers once its events are on the topic, with the mark of the last', async () => {
    const { sql } = world;
    const writer = createWriter({ sql, relay, source: 'catalog' });
    const partnerId = newId();
    const work = async (tx: Tx) => {
      await tx`insert into effects (name) values (${partnerId})`;
      return { data: { club_id: 'c' }, status: 201, events: [clubDraft('a', partnerId), clubDraft('b', partnerId)] };
    };
    const first = await writer.write(keyOf(partnerId), work);
    expect(first).toEqual({ data: { club_id: 'c' }, status: 201, replayed: false, mark: 2 });
    expect(await outboxOf(partnerId)).toEqual([{ sequence: 1 }, { sequence: 2 }]);

    // A replay may be the only answer that the caller gets, so it has a mark as well.
    expect(await writer.write(keyOf(partnerId), work)).toEqual({ ...first, replayed: true });
    expect(await sql`select 1 from effects where name = ${partnerId}`).toHaveLength(1);
  });

  it('that is refused announces nothing, and leaves no gap', async () => {
    const writer = createWriter({ sql: world.sql, relay, source: 'catalog' });
    const partnerId = newId();
    const refused = writer.write(keyOf(partnerId), () => Promise.reject(new AppError('CONFLICT')));
    await expect(refused).rejects.toThrow(AppError);
    const written = await writer.write(keyOf(partnerId), () =>
      Promise.resolve({ data: {}, events: [clubDraft('a', partnerId)] }),
    );
    expect(written).toMatchObject({ mark: 1, replayed: false });
  });

  it('without events has no mark and does not wait', async () => {
    const writer = createWriter({ sql: world.sql, relay, source: 'catalog' });
    expect(await writer.write(null, () => Promise.resolve({ data: { a: 1 } }))).toEqual({
      data: { a: 1 },
      replayed: false,
    });
  });

  it('with Kafka away answers after a second all the same, without a mark', async () => {
    const other = await givenWorld();
    const kafka = waitedFor(other.closing, { brokers: '127.0.0.1:1', clientId: 'nowhere', topicPrefix: 'nowhere' });
    const away = createRelay({ sql: other.sql, kafka, source: 'catalog', log: silent });
    away.start();
    other.closing.push(() => away.stop());
    const writer = createWriter({ sql: other.sql, relay: away, source: 'catalog' });
    const began = performance.now();
    const written = await writer.write(null, () =>
      Promise.resolve({ data: {}, partnerId: newId(), events: [clubDraft('a', 'p')] }),
    );
    expect(written).toEqual({ data: {}, replayed: false });
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(performance.now() - began).toBeLessThan(5_000);
    await other.close();
  });

  it('refuses events that are not its own', async () => {
    const writer = createWriter({ sql: world.sql, relay, source: 'members' });
    const partnerId = newId();
    const foreign = writer.write(null, () =>
      Promise.resolve({ data: {}, partnerId, events: [clubDraft('a', partnerId)] }),
    );
    await expect(foreign).rejects.toThrow(/no reference data of members/);
  });
});

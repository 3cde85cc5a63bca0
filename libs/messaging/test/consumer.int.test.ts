import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, cardChanged, clubChanged, newId, pointsEarned } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import type { Producer } from 'kafkajs';
import { createConsumer, type Consumer, type ConsumerOptions } from '../src/consumer.ts';
import { listDeadLetters, replayDeadLetters } from '../src/dead-letter-replay.ts';
import { silent } from '../src/log.ts';
import { on, onMany, type Subscription } from '../src/subscription.ts';
import { effects, eventually, givenProducer, givenWorld, message, waitedFor, type World } from './given.ts';

let world: World;
let producer: Producer;
beforeEach(async () => {
  world = await givenWorld();
  producer = await givenProducer(world);
});
afterEach(() => world.close());

type Club = { id: string; sequence: number; data: { name: string } };

const save = async (tx: Tx, { id, sequence, data }: Club) => {
  await tx`insert into effects (event_id, sequence, name) values (${id}, ${sequence}, ${data.name})`;
};
const saveClubs = on(clubChanged, save);

const givenConsumer = (
  subscriptions: readonly Subscription[] = [saveClubs],
  options: Partial<ConsumerOptions> = {},
): Consumer => {
  const consumer = createConsumer({
    sql: world.sql,
    kafka: world.kafka,
    group: 'ledger',
    subscriptions,
    log: silent,
    retries: { attempts: 3, backOffMs: { first: 10, max: 50 } },
    ...options,
  });
  consumer.start();
  world.closing.push(() => consumer.stop());
  return consumer;
};

const publish = (...messages: { key: string; value: string | Buffer | null }[]) =>
  producer.send({ topic: world.kafka.topicName('catalog'), acks: -1, messages });

const settled = async ({ copies }: Consumer) => expect(await copies.caughtUp(['catalog'], 20_000)).toBe(true);
const names = async () => (await effects(world)).map(({ name }) => name);

describe('a consumer', () => {
  it('applies each event once, whatever is delivered twice', async () => {
    const partnerId = newId();
    const events = ['a', 'b', 'c'].map((name, n) => message({ partnerId, sequence: n + 1, name }));
    await publish(...events, ...events);
    const consumer = givenConsumer();
    await settled(consumer);
    await publish(events[1]!);
    await settled(consumer);
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('never sets a mark back when an older event arrives late', async () => {
    const partnerId = newId();
    await publish(message({ partnerId, sequence: 2, name: 'new' }), message({ partnerId, sequence: 1, name: 'old' }));
    const { copies } = givenConsumer();
    expect(await copies.waitFor({ catalog: 2 }, partnerId, 20_000)).toBe(true);
    await eventually(async () => (await names()).length === 2);
    const [row] = await world.sql`select sequence from applied_sequences where partner_id = ${partnerId}`;
    expect(row).toEqual({ sequence: 2 });
  });

  it('puts what can never be applied on the dead-letter topic, and goes on behind it', async () => {
    const partnerId = newId();
    const event = (n: number, name: string) => message({ partnerId, sequence: n, name });
    const wrong = event(3, 'wrong');
    await publish(
      event(1, 'a'),
      { key: partnerId, value: 'no JSON' },
      { key: partnerId, value: null },
      { ...wrong, value: wrong.value.replace('"is_active":true', '"is_active":"yes"') },
      event(4, 'refused'),
      event(5, 'bug'),
      event(6, 'z'),
    );
    const consumer = givenConsumer([
      on(clubChanged, async (tx, club) => {
        await save(tx, club);
        if (club.data.name === 'refused') throw new AppError('CONFLICT', { details: { reason: 'never' } });
        if (club.data.name === 'bug') throw new TypeError('x is not a function');
      }),
    ]);
    await settled(consumer);
    expect(await names()).toEqual(['a', 'z']);
    const letters = await listDeadLetters(world.kafka);
    expect(letters.map(({ errorName, attempts, offset }) => ({ errorName, attempts, offset }))).toEqual([
      { errorName: 'SyntaxError', attempts: 1, offset: 1 },
      { errorName: 'SyntaxError', attempts: 1, offset: 2 },
      { errorName: 'ZodError', attempts: 1, offset: 3 },
      { errorName: 'AppError', attempts: 1, offset: 4 },
      { errorName: 'TypeError', attempts: 3, offset: 5 },
    ]);
    expect(letters[3]).toMatchObject({
      topic: 'catalog',
      group: 'ledger',
      type: 'catalog.club_changed.v1',
      partnerId,
      error: 'The present state does not allow this (never).',
    });
    // The copies will not get newer by waiting for dead events.
    expect(await consumer.copies.waitFor({ catalog: 5 }, partnerId, 20_000)).toBe(true);
  });

  it('applies all of a batch but the one bad event', async () => {
    const partnerId = newId();
    const sizes: number[] = [];
    await publish(...Array.from({ length: 40 }, (_, n) => message({ partnerId, sequence: n + 1, name: `club ${n}` })));
    const consumer = givenConsumer([
      onMany([clubChanged, cardChanged], async (tx, envelopes) => {
        sizes.push(envelopes.length);
        for (const envelope of envelopes) await save(tx, envelope as Club);
        if (envelopes.some(({ data }) => data.name === 'club 17')) throw new AppError('CONFLICT');
      }),
    ]);
    await settled(consumer);
    expect(await names()).toEqual(
      Array.from({ length: 40 }, (_, n) => `club ${n}`).filter((name) => name !== 'club 17'),
    );
    expect(sizes[0]).toBe(40);
    expect(await listDeadLetters(world.kafka)).toHaveLength(1);
  });

  it('waits for the end of an outage, and loses neither an event nor its order', async () => {
    const partnerId = newId();
    let outages = 8;
    const consumer = givenConsumer([
      on(clubChanged, async (tx, club) => {
        if (club.data.name === 'b' && outages-- > 0) throw new AppError('SERVICE_UNAVAILABLE');
        await save(tx, club);
      }),
    ]);
    await publish(...['a', 'b', 'c'].map((name, n) => message({ partnerId, sequence: n + 1, name })));
    await settled(consumer);
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect(await listDeadLetters(world.kafka)).toEqual([]);
  });

  it('survives that the database ends its connections in the middle of a transaction', async () => {
    const partnerId = newId();
    let kills = 3;
    const consumer = givenConsumer([
      on(clubChanged, async (tx, club) => {
        await save(tx, club);
        if (kills-- > 0)
          await world.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`;
      }),
    ]);
    await publish(...['a', 'b', 'c'].map((name, n) => message({ partnerId, sequence: n + 1, name })));
    await settled(consumer);
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect(consumer.isHealthy()).toBe(true);
  });

  it('replays dead letters to their group alone, and only once in effect', async () => {
    const partnerId = newId();
    let isBroken = true;
    const fragile = (): Subscription =>
      on(clubChanged, async (tx, club) => {
        if (isBroken && club.data.name !== 'fine') throw new AppError('CONFLICT');
        await save(tx, club);
      });
    const consumer = givenConsumer([fragile()]);
    const other: string[] = [];
    const neighbour = givenConsumer([on(clubChanged, (_tx, { data }) => Promise.resolve(void other.push(data.name)))], {
      group: 'vouchers',
    });
    const ids = [newId(), newId(), newId()];
    const letters = ['a', 'b'].map((name, n) => message({ partnerId, sequence: n + 1, name, id: ids[n]! }));
    await publish(...letters, message({ partnerId, sequence: 3, name: 'fine', id: ids[2]! }));
    await settled(consumer);
    await settled(neighbour);
    expect((await listDeadLetters(world.kafka, { group: 'ledger' })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(await listDeadLetters(world.kafka, { group: 'vouchers' })).toEqual([]);

    isBroken = false;
    expect(await replayDeadLetters(world.kafka, { topic: 'catalog', group: 'ledger', ids: [ids[1]!] })).toBe(1);
    await eventually(async () => (await names()).includes('b'));
    expect((await listDeadLetters(world.kafka)).map(({ id }) => id)).toEqual([ids[0]]);
    expect(await replayDeadLetters(world.kafka)).toBe(1);
    expect(await replayDeadLetters(world.kafka)).toBe(0);
    await publish(letters[0]!);
    await settled(consumer);
    await settled(neighbour);
    expect(await names()).toEqual(['fine', 'b', 'a']);
    expect(other).toEqual(['a', 'b', 'fine']);
    // An old state that comes late does not set the mark back.
    const [row] = await world.sql`select sequence from applied_sequences where partner_id = ${partnerId} limit 1`;
    expect(row).toEqual({ sequence: 3 });
  });

  it('leaves its group for good when it is stopped, also before it has joined', async () => {
    for (let ms = 0; ms < 100; ms += 10) {
      const consumer = givenConsumer();
      await new Promise((resolve) => setTimeout(resolve, ms));
      await consumer.stop();
    }

    const groupId = world.kafka.groupId('ledger');
    await eventually(async () => {
      const { groups } = await world.kafka.withAdmin((admin) => admin.describeGroups([groupId]));
      return groups[0]?.members.length === 0;
    });
  });

  it('refuses two subscriptions to one event', () => {
    expect(() =>
      createConsumer({ ...world, group: 'ledger', subscriptions: [saveClubs, saveClubs], log: silent }),
    ).toThrow(/two subscriptions/);
  });
});

describe('copies', () => {
  it('know a write as soon as it is applied, also of events that nobody here asked for', async () => {
    const partnerId = newId();
    const { copies } = givenConsumer([on(cardChanged, () => Promise.resolve())]);
    const late = copies.waitFor({ catalog: 1, members: 99 }, partnerId, 20_000);
    await publish(message({ partnerId, sequence: 1, name: 'a' }));
    expect(await late).toBe(true);
    expect(await copies.waitFor({ catalog: 2 }, partnerId, 50)).toBe(false);
    expect(await copies.waitFor({ catalog: 1 }, newId(), 50)).toBe(false);
    expect(await copies.waitFor({}, partnerId)).toBe(true);
  });

  it('know what another instance of the service applied', async () => {
    const one = givenConsumer();
    await settled(one);
    const two = givenConsumer();
    const partners = Array.from({ length: 12 }, () => newId());
    await publish(...partners.map((partnerId) => message({ partnerId, sequence: 1, name: 'a' })));
    for (const { copies } of [one, two]) {
      for (const partnerId of partners) expect(await copies.waitFor({ catalog: 1 }, partnerId, 20_000)).toBe(true);
      expect(await copies.caughtUp(['catalog'], 20_000)).toBe(true);
    }
    expect(await names()).toHaveLength(12);
  });

  it('have caught up when there is nothing, and do not know when Kafka cannot be read', async () => {
    await settled(givenConsumer());
    const { topicPrefix } = world.kafka;
    const kafka = waitedFor(world.closing, { brokers: '127.0.0.1:1', clientId: 'nowhere', topicPrefix });
    const { copies } = givenConsumer([saveClubs], { kafka, group: 'nowhere' });
    const began = performance.now();
    expect(await copies.caughtUp(['catalog'])).toBe(false);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('say false, in time, while an event is not applied', async () => {
    const held = Promise.withResolvers<void>();
    const { copies } = givenConsumer([on(clubChanged, () => held.promise)]);
    expect(await copies.caughtUp(['catalog'], 20_000)).toBe(true);
    const before = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await publish(message({ partnerId: newId(), sequence: 1, name: 'a' }));
    expect(await copies.caughtUp(['catalog'], 200)).toBe(false);
    const { asOf } = await copies.progress();
    expect(asOf.getTime()).toBeLessThanOrEqual(Date.now() - 150);
    held.resolve();
    expect(await copies.caughtUp(['catalog'], 20_000)).toBe(true);
    // The answer may be that of the look-up before.
    const progress = await eventually(async () => {
      const now = await copies.progress();
      return now.lagSeconds < 1 && now;
    });
    expect(progress.asOf.getTime()).toBeGreaterThan(before.getTime());
  });

  it('that were emptied are built again from the topic, whatever the group had read', async () => {
    const partnerId = newId();
    const events = ['a', 'b'].map((name, n) => message({ partnerId, sequence: n + 1, name }));
    const first = createConsumer({ ...world, group: 'ledger', subscriptions: [saveClubs], log: silent });
    first.start();
    await publish(...events);
    await settled(first);
    await first.stop();
    await world.sql`truncate effects, inbox, applied_sequences, applied_offsets`;
    await settled(givenConsumer());
    expect(await names()).toEqual(['a', 'b']);
  });

  it('start again with a topic that was made anew', async () => {
    const partnerId = newId();
    await publish(...['a', 'b', 'c'].map((name, n) => message({ partnerId, sequence: n + 1, name })));
    const first = createConsumer({ ...world, group: 'ledger', subscriptions: [saveClubs], log: silent });
    first.start();
    await settled(first);
    await first.stop();
    const topic = world.kafka.topicName('catalog');
    await world.kafka.withAdmin((admin) => admin.deleteTopics({ topics: [topic], timeout: 60_000 }));
    await eventually(() => world.kafka.withAdmin(async (admin) => !(await admin.listTopics()).includes(topic)));
    const second = givenConsumer();
    await settled(second);
    await (
      await givenProducer(world)
    ).send({ topic, acks: -1, messages: [message({ partnerId, sequence: 4, name: 'd' })] });
    expect(await second.copies.waitFor({ catalog: 4 }, partnerId, 20_000)).toBe(true);
    expect(await names()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('follow facts, which have no marks', async () => {
    const { copies } = givenConsumer([on(pointsEarned, () => Promise.resolve())]);
    expect(await copies.caughtUp(['ledger'], 20_000)).toBe(true);
    expect(await copies.waitFor({ ledger: 5 }, newId(), 50)).toBe(true);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clubChanged, newId } from '@punchcard/contracts';
import { createConsumer } from '../src/consumer.ts';
import { silent } from '../src/log.ts';
import { outboxStatement } from '../src/outbox.ts';
import { readAll } from '../src/read-topic.ts';
import { createRelay, type Relay, type RelayOptions } from '../src/relay.ts';
import { on } from '../src/subscription.ts';
import { brokers, effects, eventually, factRow, givenAnnounced, givenWorld, waitedFor, type World } from './given.ts';

let world: World;
beforeEach(async () => {
  world = await givenWorld();
});
afterEach(() => world.close());

const givenRelay = (options: Partial<RelayOptions> = {}): Relay => {
  const relay = createRelay({ sql: world.sql, kafka: world.kafka, source: 'catalog', log: silent, ...options });
  relay.start();
  world.closing.push(() => relay.stop());
  return relay;
};

const unsent = async () => (await world.sql`select 1 from outbox where sent_at is null`).length;
const onTopic = (topic = 'catalog') => readAll(world.kafka, [world.kafka.topicName(topic)]);
const idOf = ({ message }: Awaited<ReturnType<typeof onTopic>>[number]) =>
  (JSON.parse(message.value!.toString()) as { id: string }).id;

describe('the relay', () => {
  it('publishes an announcement as a CloudEvent, and says so', async () => {
    const relay = givenRelay();
    const partnerId = newId();
    const last = await givenAnnounced(world, partnerId, ['Old Town', 'Harbour']);
    relay.nudge();
    expect(await relay.published(partnerId, last, 10_000)).toBe(true);
    expect(await relay.published(partnerId, last + 1, 50)).toBe(false);

    const [first] = await onTopic();
    expect(first!.message.key!.toString()).toBe(partnerId);
    expect(first!.message.headers!['content-type']!.toString()).toMatch(/^application\/cloudevents\+json/);
    expect(JSON.parse(first!.message.value!.toString())).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      source: 'punchcard/catalog',
      type: 'catalog.club_changed.v1',
      time: expect.any(String),
      datacontenttype: 'application/json',
      partnerid: partnerId,
      sequence: 1,
      data: { ...clubChanged.example, name: 'Old Town' },
    });
  });

  it('numbers a partner without gaps when many write at once, and sends each key in order', async () => {
    const relay = givenRelay();
    const partners = [newId(), newId()];
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        givenAnnounced(world, partners[n % 2]!, ['a', 'b']).then(() => relay.nudge()),
      ),
    );
    for (const partnerId of partners) expect(await relay.published(partnerId, 60, 10_000)).toBe(true);
    const events = (await onTopic()).map(
      ({ message }) => JSON.parse(message.value!.toString()) as { partnerid: string; sequence: number },
    );
    for (const partnerId of partners) {
      const sequences = events.filter(({ partnerid }) => partnerid === partnerId).map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    }
  });

  it('refuses data that breaks its contract, before anybody depends on it', async () => {
    await expect(givenAnnounced(world, newId(), [7 as unknown as string])).rejects.toThrow(/name/);
    expect(await unsent()).toBe(0);
  });

  it('killed between the acknowledgement and the mark, sends again; the effect happens once', async () => {
    const partnerId = newId();
    await givenAnnounced(world, partnerId, ['a', 'b', 'c']);
    const script = new URL('relay-that-dies.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, world.databaseUrl, brokers(), world.kafka.topicPrefix]);
    world.closing.push(async () => child.kill('SIGKILL'));
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect(await unsent()).toBe(3);
    expect(await onTopic()).toHaveLength(3);

    const relay = givenRelay();
    expect(await relay.published(partnerId, 3, 10_000)).toBe(true);
    const sent = await onTopic();
    expect(sent).toHaveLength(6);
    expect(new Set(sent.map(idOf)).size).toBe(3);

    const consumer = createConsumer({
      ...world,
      group: 'ledger',
      log: silent,
      subscriptions: [
        on(clubChanged, async (tx, { data, sequence, id }) => {
          await tx`insert into effects (event_id, sequence, name) values (${id}, ${sequence}, ${data.name})`;
        }),
      ],
    });
    consumer.start();
    world.closing.push(() => consumer.stop());
    expect(await consumer.copies.caughtUp(['catalog'], 20_000)).toBe(true);
    expect((await effects(world)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('is active in one instance; another takes over when its connection is lost', async () => {
    const first = givenRelay({ databaseUrl: `${world.databaseUrl}?application_name=first` });
    await eventually(async () => (await first.stats()).isActive);
    const second = givenRelay();
    const third = givenRelay();
    const active = async () =>
      (await Promise.all([first, second, third].map((relay) => relay.stats()))).map((of) => of.isActive);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await active()).toEqual([true, false, false]);

    await world.sql`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    `;
    await eventually(async () => (await active()).filter(Boolean).length === 1);
    const partnerId = newId();
    await givenAnnounced(world, partnerId, ['a']);
    // Whoever relays: each instance knows when it is on the topic.
    for (const relay of [first, second, third]) expect(await relay.published(partnerId, 1, 10_000)).toBe(true);
    expect(await onTopic()).toHaveLength(1);
  });

  it('hands over at once when it is stopped', async () => {
    const first = createRelay({ sql: world.sql, kafka: world.kafka, source: 'catalog', log: silent });
    first.start();
    await eventually(async () => (await first.stats()).isActive);
    const second = givenRelay();
    await first.stop();
    await eventually(async () => (await second.stats()).isActive, 5_000);
  });

  it('keeps what it cannot send while Kafka is away, and never says that it is published', async () => {
    const { topicPrefix } = world.kafka;
    const kafka = waitedFor(world.closing, { brokers: '127.0.0.1:1', clientId: 'nowhere', topicPrefix });
    const relay = givenRelay({ kafka });
    const partnerId = newId();
    await givenAnnounced(world, partnerId, ['a']);
    relay.nudge();
    expect(await relay.published(partnerId, 1, 300)).toBe(false);
    expect(await unsent()).toBe(1);
    expect((await relay.stats()).unsent).toBe(1);
  });

  it('tells onSent at least once, after the acknowledgement, and goes on when that fails', async () => {
    const told: number[] = [];
    let failures = 2;
    const relay = givenRelay({
      onSent: (events) => {
        if (failures-- > 0) return Promise.reject(new Error('Redis is away'));
        told.push(...events.map(({ sequence }) => sequence));
        return Promise.resolve();
      },
    });
    const partnerId = newId();
    await givenAnnounced(world, partnerId, ['a', 'b']);
    expect(await relay.published(partnerId, 2, 10_000)).toBe(true);
    await eventually(async () => told.length === 2 && (await unsent()) === 0);
    expect(told).toEqual([1, 2]);
  });

  it('sends a row whose id is lower than one that was sent before', async () => {
    const relay = givenRelay();
    const early = newId();
    const late = newId();
    const held = Promise.withResolvers<void>();
    const slow = world.sql.begin(async (tx) => {
      await outboxStatement(tx, [factRow(early, newId(), 1)]);
      await held.promise;
    });
    await eventually(
      async () =>
        (
          await world.sql`select 1 from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`
        ).length === 1,
    );
    await world.sql.begin((tx) => outboxStatement(tx, [factRow(late, newId(), 1)]));
    relay.nudge();
    await eventually(async () => (await onTopic('ledger')).length === 1);
    held.resolve();
    await slow;
    relay.nudge();
    await eventually(async () => (await unsent()) === 0);
    expect(await onTopic('ledger')).toHaveLength(2);
  });
});

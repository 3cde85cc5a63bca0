import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, clubChanged, newId } from '@punchcard/contracts';
import { createConsumer } from '../src/consumer.ts';
import { listDeadLetters, replayDeadLetters } from '../src/dead-letter-replay.ts';
import { createKafka } from '../src/kafka.ts';
import { silent } from '../src/log.ts';
import { consumerLag, eventsConsumed, outboxAge, outboxUnsent } from '../src/metrics.ts';
import { createRelay } from '../src/relay.ts';
import { on } from '../src/subscription.ts';
import { eventually, givenAnnounced, givenProducer, givenWorld, message, type World } from './given.ts';

let world: World;
beforeEach(async () => {
  world = await givenWorld();
});
afterEach(() => world.close());

type Told = { get(): Promise<{ values: { value: number; labels: Record<string, unknown> }[] }> };

const valueOf = async (metric: Told, labels: Record<string, string>): Promise<number | undefined> => {
  const { values } = await metric.get();
  return values.find((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value))?.value;
};

describe('whoever watches', () => {
  it('sees what the outbox holds back and for how long, and that it is sent when Kafka is back', async () => {
    const nowhere = createKafka({ brokers: '127.0.0.1:1', clientId: 'nowhere', topicPrefix: world.kafka.topicPrefix });
    const source = 'catalog';
    const options = { sql: world.sql, source, log: silent } as const;
    const relay = createRelay({ ...options, kafka: nowhere });
    relay.start();
    world.closing.push(() => relay.stop());
    await givenAnnounced(world, newId(), ['a', 'b']);

    await eventually(async () => (await valueOf(outboxUnsent, { source })) === 2);
    expect(await valueOf(outboxAge, { source })).toBeGreaterThan(0);

    await relay.stop();
    const back = createRelay({ ...options, kafka: world.kafka });
    back.start();
    world.closing.push(() => back.stop());
    await eventually(async () => (await valueOf(outboxUnsent, { source })) === 0);
    expect(await valueOf(outboxAge, { source })).toBe(0);
  });

  it('sees how many events a group is behind, and which of them died', async () => {
    const producer = await givenProducer(world);
    const group = `watched-${newId()}`;
    const partnerId = newId();
    let isHeld = true;
    const consumer = createConsumer({
      ...{ sql: world.sql, kafka: world.kafka, group, log: silent },
      subscriptions: [
        on(clubChanged, (_tx, { data }) => {
          if (isHeld) return Promise.reject(new AppError('SERVICE_UNAVAILABLE', { details: { service: 'tests' } }));
          if (data.name === 'bad') throw new AppError('CONFLICT');
          return Promise.resolve();
        }),
      ],
    });
    consumer.start();
    world.closing.push(() => consumer.stop());
    const events = ['good', 'bad', 'good'].map((name, n) => message({ partnerId, sequence: n + 1, name }));
    await producer.send({ topic: world.kafka.topicName('catalog'), acks: -1, messages: events });

    const topic = 'catalog';
    await eventually(async () => (await valueOf(consumerLag, { group, topic })) === 3);
    isHeld = false;
    await eventually(async () => (await valueOf(consumerLag, { group, topic })) === 0);
    expect(await valueOf(eventsConsumed, { group, topic, outcome: 'applied' })).toBe(2);
    expect(await valueOf(eventsConsumed, { group, topic, outcome: 'dead' })).toBe(1);
  });
});

describe('an event that is replayed after it died', () => {
  it('has the id, the time and the order number that it had', async () => {
    const producer = await givenProducer(world);
    let isBroken = true;
    const seen: object[] = [];
    const consumer = createConsumer({
      ...{ sql: world.sql, kafka: world.kafka, group: 'ledger', log: silent },
      subscriptions: [
        on(clubChanged, (_tx, { id, time, sequence, data }) => {
          seen.push({ id, time, sequence, name: data.name });
          return isBroken ? Promise.reject(new AppError('CONFLICT')) : Promise.resolve();
        }),
      ],
    });
    consumer.start();
    world.closing.push(() => consumer.stop());
    const event = message({ partnerId: newId(), sequence: 7, name: 'Harbour' });
    await producer.send({ topic: world.kafka.topicName('catalog'), acks: -1, messages: [event] });
    await eventually(async () => (await listDeadLetters(world.kafka)).length === 1);

    isBroken = false;
    expect(await replayDeadLetters(world.kafka)).toBe(1);

    await eventually(async () => seen.length === 2);
    const { id, time } = JSON.parse(event.value) as { id: string; time: string };
    expect(seen[0]).toEqual({ id, time, sequence: 7, name: 'Harbour' });
    expect(seen[1]).toEqual(seen[0]);
  });
});

import { newId, type Envelope, type EventDraft, type Topic } from '@punchcard/contracts';
import { createKafka, ensureTopics } from '@punchcard/messaging';
import { waitFor } from './wait-for.ts';

/** All topics of the system under a prefix of their own, for one test file. */
export async function createTestTopics(name: string) {
  const topicPrefix = `test-${name}-${newId()}`;
  const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
  const kafka = createKafka({ brokers, clientId: 'test', topicPrefix });
  await ensureTopics(kafka);
  const producer = kafka.producer();
  await producer.connect();
  return {
    // Nothing is refused only since a busy machine kept a copy waiting.
    kafka: { brokers, topicPrefix, copiesWaitMs: 20_000 },
    read: (topic: Topic) => readTopic(kafka, topic),
    publish: (partnerId: string, drafts: readonly Published[]) => publish(producer, kafka, { partnerId, drafts }),
    /** Waits until so many processes of a service read: before that, what is announced may be late for who awaits it. */
    joined: (group: string, processes = 1) => untilJoined(kafka, { groupId: kafka.groupId(group), processes }),
    drop: async () => {
      await producer.disconnect();
      await kafka.withAdmin(async (admin) => {
        const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
        await admin.deleteTopics({ topics, timeout: 60_000 });
      });
    },
  };
}

/** An event as another service announces it. */
export interface Published extends EventDraft {
  sequence?: number;
  /** Default: a new one. The same twice is a redelivery. */
  id?: string;
  time?: Date;
}

type Kafka = ReturnType<typeof createKafka>;
type Producer = ReturnType<Kafka['producer']>;

const untilJoined = (kafka: Kafka, { groupId, processes }: { groupId: string; processes: number }): Promise<unknown> =>
  kafka.withAdmin((admin) =>
    waitFor(`${groupId} to be joined`, async () => {
      const { groups } = await admin.describeGroups([groupId]);
      return groups.some(({ state, members }) => state === 'Stable' && members.length === processes);
    }),
  );

async function readTopic(kafka: Kafka, topic: Topic) {
  const seen: Envelope[] = [];
  const consumer = kafka.raw.consumer({ groupId: kafka.groupId(`reader-${newId()}`), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: kafka.topicName(topic), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      seen.push(JSON.parse(String(message.value)) as Envelope);
    },
  });
  return {
    /** A partner's events up to a sequence, in their order. */
    eventsOf: (partnerId: string, upTo: number | null) =>
      waitFor(`events of ${partnerId} up to ${upTo}`, () => {
        const events = seen.filter(({ partnerid }) => partnerid === partnerId);
        return events.some(({ sequence }) => sequence === upTo) && events;
      }),
    stop: () => consumer.disconnect(),
  };
}

async function publish(
  producer: Producer,
  kafka: Kafka,
  { partnerId, drafts }: { partnerId: string; drafts: readonly Published[] },
): Promise<void> {
  for (const [n, { event, key, data, sequence = n + 1, id = newId(), time = new Date() }] of drafts.entries()) {
    const envelope = {
      ...{ specversion: '1.0', id, source: `punchcard/${event.owner}`, type: event.type, time: time.toISOString() },
      ...{ datacontenttype: 'application/json', partnerid: partnerId, sequence, data },
    };
    const messages = [{ key, value: JSON.stringify(envelope) }];
    await producer.send({ topic: kafka.topicName(event.topic), acks: -1, messages });
  }
}

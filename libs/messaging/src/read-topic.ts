import { newId } from '@punchcard/contracts';
import type { KafkaMessage } from 'kafkajs';
import type { KafkaClient } from './kafka.ts';
import { within } from './timing.ts';

export interface Stored {
  /** The topic's full name. */
  name: string;
  partition: number;
  message: KafkaMessage;
}

const READ_MS = 60_000;

/** Everything that is on these topics now, in order. For queues that are short; throws if that takes over a minute. */
export async function readAll(kafka: KafkaClient, names: readonly string[]): Promise<Stored[]> {
  const ends = await kafka.withAdmin(async (admin) => {
    const offsets = await Promise.all(names.map(async (name) => ({ name, of: await admin.fetchTopicOffsets(name) })));
    return offsets.flatMap(({ name, of }) => of.map(({ partition, low, high }) => ({ name, partition, low, high })));
  });
  const missing = new Map<string, number>(
    ends
      .filter(({ low, high }) => low !== high)
      .map(({ name, partition, high }) => [`${name} ${partition}`, Number(high)] as const),
  );
  if (missing.size === 0) return [];

  // kafkajs reads as a member of a group only: this one is for once.
  const groupId = `${kafka.topicPrefix}.reader.${newId()}`;
  const consumer = kafka.raw.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  const found: Stored[] = [];
  const done = Promise.withResolvers<true>();
  consumer.on(consumer.events.CRASH, ({ payload }) => done.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ends.map(({ name }) => name))], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ topic: name, partition, message }) => {
        const key = `${name} ${partition}`;
        const end = missing.get(key);
        if (end !== undefined) found.push({ name, partition, message });
        if (Number(message.offset) + 1 === end) missing.delete(key);
        if (missing.size === 0) done.resolve(true);
        return Promise.resolve();
      },
    });
    if (!(await within(READ_MS, done.promise))) throw new Error(`Reading ${names.join(', ')} took too long.`);
  } finally {
    await consumer.disconnect();
    await kafka.withAdmin((admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
  return found;
}

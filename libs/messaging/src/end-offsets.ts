import type { Topic } from '@punchcard/contracts';
import type { Admin } from 'kafkajs';
import type { KafkaClient } from './kafka.ts';
import { copies } from './retries.ts';
import { sleep, within } from './timing.ts';

export interface PartitionEnds {
  topic: Topic;
  partition: number;
  /** The first offset that is still there. */
  low: number;
  /** The offset that the next message will get. */
  high: number;
}

export interface Ends {
  /** When the look-up began: everything that was on the topics then is below its offsets. */
  at: Date;
  partitions: readonly PartitionEnds[];
}

export interface EndOffsets {
  /** A look-up that begins now, or with those of other callers within 50 ms. */
  fresh(): Promise<Ends>;
  close(): Promise<void>;
}

export function createEndOffsets({ kafka, topics }: { kafka: KafkaClient; topics: readonly Topic[] }): EndOffsets {
  let connecting: Promise<Admin> | undefined;
  let next: Promise<Ends> | undefined;
  let began = -Infinity;
  let isClosed = false;

  const hangUp = async () => {
    const old = connecting;
    connecting = undefined;
    const disconnected = old?.then((admin) => admin.disconnect()).catch(() => undefined);
    if (disconnected) await within(1_000, disconnected);
  };

  const connect = async (): Promise<Admin> => {
    // A look-up that the end met under way would open another connection, which nobody closes.
    if (isClosed) throw new Error('The end offsets are looked up no more.');
    const admin = kafka.raw.admin({ retry: { retries: 1 } });
    await admin.connect();
    return admin;
  };

  const read = async (): Promise<Ends> => {
    const at = new Date();
    const admin = await (connecting ??= connect());
    const partitions = await Promise.all(
      topics.map((topic) => readTopic({ admin, topic, name: kafka.topicName(topic) })),
    );
    return { at, partitions: partitions.flat() };
  };

  const lookUp = async (): Promise<Ends> => {
    began = performance.now();
    try {
      return await read();
    } catch {
      // Mostly an idle connection that the broker closed. A second failure is the caller's.
      await hangUp();
      return read();
    }
  };

  const fresh = (): Promise<Ends> => {
    if (next) return next;
    const wait = began + copies.lookUpEveryMs - performance.now();
    if (wait <= 0) return lookUp();
    next = sleep(wait).then(() => {
      next = undefined;
      return lookUp();
    });
    return next;
  };
  const close = (): Promise<void> => {
    isClosed = true;
    return hangUp();
  };
  return { fresh, close };
}

async function readTopic({
  admin,
  topic,
  name,
}: {
  admin: Admin;
  topic: Topic;
  name: string;
}): Promise<PartitionEnds[]> {
  const partitions = await admin.fetchTopicOffsets(name);
  // Nothing at all means that the topic is not known (yet); an empty topic has partitions.
  if (partitions.length === 0) throw new Error(`Topic ${name} has no partitions.`);
  return partitions.map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }));
}

import type { IHeaders, KafkaMessage } from 'kafkajs';
import { dlqHeader, REPLAY_HEADER } from './dead-letters.ts';
import type { KafkaClient } from './kafka.ts';
import { readAll, type Stored } from './read-topic.ts';

/** A message that a group could not apply. */
export interface DeadLetter {
  /** `catalog` */
  topic: string;
  group: string;
  /** Where it was on the topic. */
  partition: number;
  offset: number;
  /** Names it for a replay: the event's id, or `partition-offset` on its topic if it has none. */
  id: string;
  type: string | null;
  partnerId: string | null;
  error: string;
  errorName: string;
  attempts: number;
  /** When it was given up. */
  at: Date;
  value: string | null;
}

export interface DeadLetterFilter {
  topic?: string;
  group?: string;
}

/** Everything that waits on the dead-letter topics of this deployment, oldest first in each. */
export async function listDeadLetters(kafka: KafkaClient, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const names = await findQueues(kafka, filter);
  const stored = await readAll(kafka, names);
  return stored.map(({ message }) => toLetter(message));
}

/**
 * Publishes dead letters again on their topic, for their group alone: others skip them. One that was applied meanwhile
 * changes nothing, by the inbox. With `ids` only those; the rest goes to the end of its queue. Returns how many it replayed.
 */
export async function replayDeadLetters(
  kafka: KafkaClient,
  { ids, ...filter }: DeadLetterFilter & { ids?: readonly string[] } = {},
): Promise<number> {
  const names = await findQueues(kafka, filter);
  const stored = await readAll(kafka, names);
  const isWanted = ({ message }: Stored) => ids === undefined || ids.includes(toLetter(message).id);
  const wanted = stored.filter(isWanted);
  if (wanted.length === 0) return 0;
  const touched = new Set(wanted.map(({ name }) => name));
  const kept = stored.filter((letter) => touched.has(letter.name) && !isWanted(letter));

  const producer = kafka.producer();
  await producer.connect();
  try {
    // A crash from here on leaves letters twice, never not at all.
    for (const { message } of wanted) {
      const { topic, group } = toLetter(message);
      const { key, value } = message;
      const headers = { ...ownHeaders(message.headers), [REPLAY_HEADER]: group };
      await producer.send({ topic: kafka.topicName(topic), acks: -1, messages: [{ key, value, headers }] });
    }
    for (const { name, message } of kept) await producer.send({ topic: name, acks: -1, messages: [message] });
  } finally {
    await producer.disconnect();
  }
  await kafka.withAdmin(async (admin) => {
    for (const [name, letters] of Map.groupBy(stored, ({ name: queue }) => queue)) {
      if (!touched.has(name)) continue;
      await admin.fetchTopicOffsets(name); // kafkajs finds no leader of a topic that it was not asked about before.
      await admin.deleteTopicRecords({ topic: name, partitions: endsOf(letters) });
    }
  });
  return wanted.length;
}

async function findQueues(kafka: KafkaClient, { topic, group }: DeadLetterFilter): Promise<string[]> {
  const names = await kafka.withAdmin((admin) => admin.listTopics());
  return names.filter((name) => {
    const [ofTopic, ofGroup, ...rest] = kafka.topicOf(name)?.split('.') ?? [];
    const isQueue = rest.length === 1 && rest[0] === 'dlq';
    return isQueue && (topic === undefined || topic === ofTopic) && (group === undefined || group === ofGroup);
  });
}

const letterHeader = (headers: IHeaders | undefined, name: string): string => headers?.[name]?.toString() ?? '';

function toLetter({ headers, value }: KafkaMessage): DeadLetter {
  const partition = Number(letterHeader(headers, dlqHeader.partition));
  const offset = Number(letterHeader(headers, dlqHeader.offset));
  const { id, type, partnerid } = eventOf(value);
  return {
    topic: letterHeader(headers, dlqHeader.topic),
    group: letterHeader(headers, dlqHeader.group),
    partition,
    offset,
    id: id ?? `${partition}-${offset}`,
    type: type ?? null,
    partnerId: partnerid ?? null,
    error: letterHeader(headers, dlqHeader.error),
    errorName: letterHeader(headers, dlqHeader.errorName),
    attempts: Number(letterHeader(headers, dlqHeader.attempts)),
    at: new Date(letterHeader(headers, dlqHeader.time)),
    value: value?.toString('utf8') ?? null,
  };
}

/** What can be told of a value that may be anything. */
function eventOf(value: Buffer | null): { id?: string; type?: string; partnerid?: string } {
  try {
    const event: unknown = JSON.parse(value?.toString('utf8') ?? '');
    if (typeof event !== 'object' || event === null) return {};
    return Object.fromEntries(Object.entries(event).filter(([, part]) => typeof part === 'string'));
  } catch {
    return {};
  }
}

/** The headers that the message had before it died. */
function ownHeaders(headers: IHeaders = {}): IHeaders {
  const added: readonly string[] = Object.values(dlqHeader);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.includes(name)));
}

function endsOf(letters: readonly Stored[]) {
  const ends = new Map<number, number>();
  for (const { partition, message } of letters) {
    ends.set(partition, Math.max(ends.get(partition) ?? 0, Number(message.offset) + 1));
  }
  return [...ends].map(([partition, offset]) => ({ partition, offset: String(offset) }));
}

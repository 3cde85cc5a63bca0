import type { Topic } from '@punchcard/contracts';
import type { EachBatchPayload, Consumer as KafkaConsumer, KafkaMessage } from 'kafkajs';
import type { Received } from './dead-letters.ts';
import type { KafkaClient } from './kafka.ts';
import { client, consumer as settings } from './retries.ts';
import { every, within } from './timing.ts';

export interface RunOptions {
  kafka: KafkaClient;
  group: string;
  topics: readonly Topic[];
  /** Where to begin reading the partitions that were assigned. Is asked again until it answers. */
  place: (assigned: Assignment, signal: AbortSignal) => Promise<readonly Position[]>;
  submit: (messages: readonly Received[], signal: AbortSignal) => Promise<void>;
}

/** Topic > partitions. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export interface Position {
  topic: string;
  partition: number;
  nextOffset: number;
}

/** One kafkajs consumer, from its start until it crashes, falls silent or is stopped. It is never started again. */
export interface Run {
  /** Resolves when the group was joined. */
  start(): Promise<void>;
  /** Resolves with the reason when it has ended by itself. */
  ended: Promise<Error>;
  /** Tells the broker where we are: for its tools only, since we begin where our own tables say. */
  commit(positions: readonly Position[]): Promise<void>;
  /** When it last showed that it works. */
  lastSign(): number;
  stop(): Promise<void>;
}

export function createRun(options: RunOptions): Run {
  const { kafka, group, topics } = options;
  const kafkaConsumer = kafka.raw.consumer({
    groupId: kafka.groupId(group),
    allowAutoTopicCreation: false,
    sessionTimeout: settings.sessionTimeout,
    rebalanceTimeout: settings.rebalanceTimeout,
    heartbeatInterval: settings.heartbeatInterval,
    maxWaitTimeInMs: settings.maxWaitTimeInMs,
    // What kafkajs cannot mend in some seconds, a new client does: its own restart has stopped silently before.
    retry: { ...client.retry, restartOnFailure: () => Promise.resolve(false) },
  });
  const stopping = new AbortController();
  const { ended, lastSign } = watch(kafkaConsumer, stopping.signal);
  const hold = createHold(stopping.signal);
  const eachBatch = readFrom({ ...options, kafkaConsumer, hold, stopping: stopping.signal });
  const join = async () => {
    await kafkaConsumer.connect();
    await kafkaConsumer.subscribe({ topics: topics.map((topic) => kafka.topicName(topic)), fromBeginning: true });
    if (stopping.signal.aborted) return;
    await kafkaConsumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of a fetch are handed over at once; the batcher makes one transaction of them.
      partitionsConsumedConcurrently: 64,
      eachBatch,
    });
  };
  let joining = Promise.resolve();
  let isJoining = false;
  return {
    start: () => {
      isJoining = true;
      joining = join().finally(() => (isJoining = false));
      return joining;
    },
    ended,
    commit: (positions) =>
      kafkaConsumer.commitOffsets(
        positions.map(({ topic, partition, nextOffset }) => ({
          topic: kafka.topicName(topic),
          partition,
          offset: String(nextOffset),
        })),
      ),
    lastSign,
    stop: async () => {
      stopping.abort();
      // kafkajs forgets a join that is under way when it is disconnected; that would go on, with connections of its own.
      const left = joining.catch(() => undefined).then(() => kafkaConsumer.disconnect());
      await within(isJoining ? settings.stopWhileJoiningMs : settings.stopMs, left);
    },
  };
}

/** Our hold on the partitions. What waits for an outage to end must let go of them when the group takes them away. */
interface Hold {
  signal(): AbortSignal;
  letGo(): void;
}

function createHold(stopping: AbortSignal): Hold {
  let current = new AbortController();
  stopping.addEventListener('abort', () => current.abort(), { once: true });
  return {
    signal: () => (stopping.aborted ? stopping : current.signal),
    letGo: () => {
      current.abort();
      current = new AbortController();
    },
  };
}

interface Reading extends RunOptions {
  kafkaConsumer: KafkaConsumer;
  hold: Hold;
  stopping: AbortSignal;
}

/** Puts every assignment where our own tables say that we are, and hands on what is read from there. */
function readFrom({ kafkaConsumer, kafka, place, submit, hold, stopping }: Reading) {
  const placing = createHold(stopping);
  let placed: Promise<void> = Promise.resolve();
  kafkaConsumer.on(kafkaConsumer.events.GROUP_JOIN, ({ payload }) => {
    hold.letGo();
    placing.letGo();
    placed = place(assignmentOf(kafka, payload.memberAssignment), placing.signal()).then((positions) => {
      for (const { topic, partition, nextOffset } of positions) {
        kafkaConsumer.seek({ topic: kafka.topicName(topic), partition, offset: String(nextOffset) });
      }
    });
    // Whoever waits for it is told.
    placed.catch(() => undefined);
  });

  return async ({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload): Promise<void> => {
    const { topic, partition } = batch;
    // kafkajs beats only between batches; a slow statement or an outage of the database must not cost the membership.
    const beats = every(settings.heartbeatInterval, heartbeat, () => hold.letGo());
    try {
      await placed;
      for (const messages of chunks(batch.messages, settings.maxBatch)) {
        if (!isRunning() || isStale()) return;
        const received = messages.map((message) => toReceived({ kafka, topic, partition, message }));
        await submit(received, hold.signal());
        resolveOffset(messages.at(-1)!.offset);
      }
    } finally {
      beats.stop();
    }
  };
}

/** Ends with a crash, or when there was no sign of life for long. */
function watch(kafkaConsumer: KafkaConsumer, signal: AbortSignal): Pick<Run, 'ended' | 'lastSign'> {
  const { promise, resolve } = Promise.withResolvers<Error>();
  let seen = Date.now();
  const touch = () => {
    seen = Date.now();
  };
  const { CRASH, FETCH, FETCH_START, GROUP_JOIN, HEARTBEAT, END_BATCH_PROCESS } = kafkaConsumer.events;
  for (const event of [FETCH, FETCH_START, GROUP_JOIN, HEARTBEAT, END_BATCH_PROCESS] as const)
    kafkaConsumer.on(event, touch);
  kafkaConsumer.on(CRASH, ({ payload }) => resolve(payload.error));
  const timer = setInterval(() => {
    if (Date.now() - seen > settings.silentMs) resolve(new Error('The consumer fell silent.'));
  }, settings.silentMs / 10);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return { ended: promise, lastSign: () => seen };
}

const assignmentOf = (kafka: KafkaClient, assigned: Readonly<Record<string, number[]>>): Assignment =>
  new Map(
    Object.entries(assigned).flatMap(([name, partitions]) => {
      const topic = kafka.topicOf(name);
      return topic === undefined ? [] : [[topic, partitions] as const];
    }),
  );

interface Raw {
  kafka: KafkaClient;
  topic: string;
  partition: number;
  message: KafkaMessage;
}

const toReceived = ({ kafka, topic, partition, message }: Raw): Received => ({
  topic: kafka.topicOf(topic) ?? topic,
  partition,
  offset: Number(message.offset),
  key: message.key,
  value: message.value,
  headers: message.headers ?? {},
});

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

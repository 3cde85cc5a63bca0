import type { Producer, TopicMessages } from 'kafkajs';
import { CONTENT_TYPE, encode } from './envelope.ts';
import type { KafkaClient } from './kafka.ts';
import { relaySent } from './metrics.ts';
import type { UnsentRow } from './platform-outbox.ts';
import { relay } from './retries.ts';
import { within } from './timing.ts';
import { ensureTopics } from './topics.ts';
import { failSpan, startMessageSpan, traceparentOf } from './trace.ts';

/** Sends the rows of a relay, through a producer of its own. */
export function createSender({ kafka, source }: { kafka: KafkaClient; source: string }) {
  const { connected, hangUp, close } = createLink(kafka);

  /** Resolves when the broker has acknowledged all rows. */
  const send = async (rows: readonly UnsentRow[]): Promise<void> => {
    const spans = rows.map((row) =>
      startMessageSpan({
        operation: 'send',
        topic: kafka.topicName(row.topic),
        traceparent: row.traceparent,
        attributes: { 'messaging.message.id': row.eventId },
      }),
    );
    try {
      const messages = rows.map((row, n) => {
        const traceparent = traceparentOf(spans[n]?.spanContext()) ?? row.traceparent;
        return { topic: kafka.topicName(row.topic), key: row.key, value: encode(row, source, traceparent) };
      });
      for (const topicMessages of inParts(messages)) await (await connected()).sendBatch({ acks: -1, topicMessages });
      for (const { topic } of rows) relaySent.inc({ source, topic });
    } catch (error) {
      for (const span of spans) failSpan(span, error);
      await hangUp();
      throw error;
    } finally {
      for (const span of spans) span?.end();
    }
  };

  /** Before there is anything to send, so that the first write does not wait for it. A failure is that of the first `send`. */
  const connectAhead = (): void => void connected().catch(() => undefined);
  return { send, connectAhead, close };
}

/** The producer of a relay. After a failure it is made anew: an old one keeps the numbering of what it did not deliver. */
function createLink(kafka: KafkaClient) {
  let producer: Producer | undefined;
  let connecting: Promise<Producer> | undefined;
  let isClosed = false;

  const connect = async (): Promise<Producer> => {
    // Topics must not be made by the broker's defaults, which forget after a week.
    await ensureTopics(kafka);
    const fresh = kafka.producer();
    await fresh.connect();
    producer = fresh;
    // The relay stopped meanwhile, and nobody would end the connection.
    if (isClosed) await hangUp();
    return fresh;
  };

  const connected = async (): Promise<Producer> => {
    if (producer) return producer;
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };

  const hangUp = async (): Promise<void> => {
    const old = producer;
    producer = undefined;
    if (old) await within(2_000, old.disconnect());
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    if (connecting) await within(relay.graceMs, connecting).catch(() => undefined);
    await hangUp();
  };
  return { connected, hangUp, close };
}

interface OutMessage {
  topic: string;
  key: string;
  value: string;
}

const headers = { 'content-type': CONTENT_TYPE };

/** Requests that each fit a record batch of the broker, in order. */
export function inParts(messages: readonly OutMessage[]): TopicMessages[][] {
  const parts: OutMessage[][] = [[]];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value);
    bytes += size;
    if (bytes > relay.batchBytes && parts.at(-1)!.length > 0) {
      parts.push([]);
      bytes = size;
    }
    parts.at(-1)!.push(message);
  }
  return parts.map((part) =>
    [...Map.groupBy(part, ({ topic }) => topic)].map(([topic, group]) => ({
      topic,
      messages: group.map(({ key, value }) => ({ key, value, headers })),
    })),
  );
}

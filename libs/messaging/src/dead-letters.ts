import type { IHeaders, Producer } from 'kafkajs';
import type { KafkaClient } from './kafka.ts';
import { within } from './timing.ts';

/** A message as it came from its partition. */
export interface Received {
  /** Without the deployment's prefix. */
  topic: string;
  partition: number;
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

/** Names of the headers that a dead letter has besides its own. */
export const dlqHeader = {
  error: 'punchcard-dlq-error',
  errorName: 'punchcard-dlq-error-name',
  attempts: 'punchcard-dlq-attempts',
  group: 'punchcard-dlq-group',
  topic: 'punchcard-dlq-topic',
  partition: 'punchcard-dlq-partition',
  offset: 'punchcard-dlq-offset',
  time: 'punchcard-dlq-time',
} as const;

/** On a message that was replayed: the one group that it is for. Others have had it. */
export const REPLAY_HEADER = 'punchcard-replay-for';

export interface DeadLetterOffice {
  /** Resolves when the broker has the messages; rejects while Kafka is away. */
  send(letters: readonly { received: Received; error: unknown; attempts: number }[]): Promise<void>;
  close(): Promise<void>;
}

/** Where a group puts what it cannot apply: `<topic>.<group>.dlq`, the message as it was, with the error in its headers. */
export function createDeadLetterOffice({ kafka, group }: { kafka: KafkaClient; group: string }): DeadLetterOffice {
  let producer: Producer | undefined;

  const close = async () => {
    const old = producer;
    producer = undefined;
    if (old) await within(2_000, old.disconnect());
  };

  const connected = async () => {
    if (producer) return producer;
    const fresh = kafka.producer();
    await fresh.connect();
    producer = fresh;
    return fresh;
  };

  return {
    send: async (letters) => {
      try {
        await (
          await connected()
        ).sendBatch({
          acks: -1,
          topicMessages: letters.map(({ received, error, attempts }) => ({
            topic: kafka.dlqName(received.topic, group),
            messages: [
              {
                key: received.key,
                value: received.value,
                headers: { ...received.headers, ...headersOf({ received, error, attempts, group }) },
              },
            ],
          })),
        });
      } catch (error_) {
        await close();
        throw error_;
      }
    },
    close,
  };
}

interface Reason {
  received: Received;
  error: unknown;
  attempts: number;
  group: string;
}

function headersOf({ received, error, attempts, group }: Reason): Record<string, string> {
  return {
    [dlqHeader.error]: (error instanceof Error ? error.message : String(error)).slice(0, 2_000),
    [dlqHeader.errorName]: error instanceof Error ? error.name : typeof error,
    [dlqHeader.attempts]: String(attempts),
    [dlqHeader.group]: group,
    [dlqHeader.topic]: received.topic,
    [dlqHeader.partition]: String(received.partition),
    [dlqHeader.offset]: String(received.offset),
    [dlqHeader.time]: new Date().toISOString(),
  };
}

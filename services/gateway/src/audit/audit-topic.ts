import { newId } from '@punchcard/contracts';
import type { KafkaClient } from '@punchcard/messaging';
import type { AuditEntry } from './audit-rules.ts';

export interface AuditTopic {
  /** One message for some hundred entries of a partner: a message each would cost more than the calls that they tell of. */
  send(batches: ReadonlyMap<string, AuditEntry[]>): Promise<void>;
  close(): Promise<void>;
}

const ENTRIES_PER_MESSAGE = 250;

/** Connects when there is something to send; after a failure with a new producer, since kafkajs gives an old one up. */
export function createAuditTopic(kafka: KafkaClient): AuditTopic {
  const topic = kafka.topicName('audit');
  let producer: ReturnType<KafkaClient['producer']> | undefined;
  let sequence = 0;
  let isClosed = false;

  const messageOf = (partnerId: string, entries: readonly AuditEntry[]) => ({
    key: partnerId,
    value: JSON.stringify({
      specversion: '1.0',
      id: newId(),
      source: 'punchcard/gateway',
      type: 'gateway.requests_audited.v1',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      partnerid: partnerId,
      sequence: ++sequence,
      data: { entries },
    }),
  });

  const disconnect = async (): Promise<void> => {
    const old = producer;
    producer = undefined;
    await old?.disconnect();
  };

  return {
    async send(batches) {
      if (isClosed) throw new Error('The audit topic is closed');
      const messages = [...batches].flatMap(([partnerId, entries]) =>
        inParts(entries).map((part) => messageOf(partnerId, part)),
      );
      try {
        if (!producer) {
          producer = kafka.producer();
          await producer.connect();
        }
        await producer.send({ topic, messages });
      } catch (error) {
        await disconnect().catch(() => {});
        throw error;
      }
    },
    close: async () => {
      isClosed = true;
      await disconnect();
    },
  };
}

function inParts(entries: readonly AuditEntry[]): AuditEntry[][] {
  const parts: AuditEntry[][] = [];
  for (let at = 0; at < entries.length; at += ENTRIES_PER_MESSAGE)
    parts.push(entries.slice(at, at + ENTRIES_PER_MESSAGE));
  return parts;
}

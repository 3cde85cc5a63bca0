import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { newId } from '@punchcard/contracts';
import { createKafka, type KafkaClient } from '../src/kafka.ts';
import { ensureTopics } from '../src/topics.ts';
import { brokers, dropTopics, eventually } from './given.ts';

let kafka: KafkaClient;
beforeAll(() => {
  kafka = createKafka({ brokers: brokers(), clientId: 'messaging-test', topicPrefix: `test-${newId().slice(-12)}` });
});
afterAll(() => dropTopics(kafka));

const settingsOf = (topic: string) =>
  kafka.withAdmin(async (admin) => {
    const name = kafka.topicName(topic);
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
    });
    const setting = (wanted: string) =>
      resources[0]!.configEntries.find(({ configName }) => configName === wanted)?.configValue;
    return {
      partitions: topics[0]!.partitions.length,
      retention: setting('retention.ms'),
      policy: setting('cleanup.policy'),
    };
  });

describe('topics', () => {
  it('are made by whoever comes first, and reference data is kept for ever', async () => {
    // As a broker that makes topics on demand would.
    await kafka.withAdmin((admin) =>
      admin.createTopics({ topics: [{ topic: kafka.topicName('members'), numPartitions: 2 }], timeout: 60_000 }),
    );
    const groups = { ledger: ['catalog'] } as const;
    await Promise.all(Array.from({ length: 4 }, () => ensureTopics(kafka, { groups })));
    const days = (count: number) => String(count * 86_400_000);
    expect(await settingsOf('catalog')).toEqual({ partitions: 6, retention: '-1', policy: 'delete' });
    // A broker answers that it has changed a setting before it knows it itself.
    await eventually(async () => (await settingsOf('members')).retention === '-1');
    expect(await settingsOf('members')).toEqual({ partitions: 2, retention: '-1', policy: 'delete' });
    expect(await settingsOf('ledger')).toEqual({ partitions: 12, retention: days(30), policy: 'delete' });
    expect(await settingsOf('catalog.ledger.dlq')).toEqual({ partitions: 1, retention: days(30), policy: 'delete' });
  });
});

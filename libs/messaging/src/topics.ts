import { topics, type Topic, type TopicKind } from '@punchcard/contracts';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import type { KafkaClient } from './kafka.ts';
import { client } from './retries.ts';
import { sleep } from './timing.ts';

export interface EnsureTopicsOptions {
  /** Default: the client's. */
  prefix?: string;
  /** Groups and what they read: their dead-letter topics. A consumer makes its own when it starts. */
  groups?: Readonly<Record<string, readonly Topic[]>>;
  /** Of topics that are made now; default 6 for reference data and 12 for facts. */
  partitions?: number;
}

const DAY_MS = 86_400_000;

/**
 * How many consumers of a group can share the work. A number is for good: a key would move to another partition, and its
 * order would be lost.
 */
const PARTITIONS: Record<TopicKind, number> = { reference: 6, fact: 12 };

/** Reference data is kept for ever, so that a new copy can be built from it. */
const RETENTION_MS: Record<TopicKind, number> = { reference: -1, fact: 30 * DAY_MS };

/** Not longer than the inbox remembers (35 days): a replay of what was replayed already changes nothing. */
const DLQ_RETENTION_MS = 30 * DAY_MS;

/**
 * Makes the topics of the contract that are missing, and corrects the retention of those that something else made (a broker
 * that creates topics on demand keeps them for a week). Safe to run at every start, by everybody at once.
 */
export async function ensureTopics(kafka: KafkaClient, options: EnsureTopicsOptions = {}): Promise<void> {
  const { prefix = kafka.topicPrefix, groups = {}, partitions } = options;
  const wanted: ITopicConfig[] = [
    ...Object.entries(topics).map(([name, { kind }]) =>
      toConfig(`${prefix}.${name}`, partitions ?? PARTITIONS[kind], RETENTION_MS[kind]),
    ),
    ...Object.entries(groups).flatMap(([group, names]) =>
      names.map((name) => toConfig(`${prefix}.${name}.${group}.dlq`, 1, DLQ_RETENTION_MS)),
    ),
  ];
  await kafka.withAdmin(async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) await create(admin, missing);
    if (missing.length < wanted.length)
      await correct(
        admin,
        wanted.filter((topic) => !missing.includes(topic)),
      );
  });
}

const toConfig = (topic: string, numPartitions: number, retentionMs: number): ITopicConfig => ({
  topic,
  numPartitions,
  replicationFactor: -1,
  configEntries: [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
    { name: 'retention.bytes', value: '-1' },
  ],
});

async function create(admin: Admin, missing: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: missing, waitForLeaders: false });
  // A broker answers before it knows the topics itself, and leads them a moment later still.
  const until = performance.now() + client.requestTimeout;
  for (const { topic } of missing) {
    while (
      !(await admin.fetchTopicOffsets(topic).then(
        ({ length }) => length > 0,
        () => false,
      ))
    ) {
      if (performance.now() > until) throw new Error(`Topic ${topic} was created and did not appear.`);
      await sleep(50);
    }
  }
}

async function correct(admin: Admin, wanted: readonly ITopicConfig[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: wanted.map(({ topic }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic })),
  });
  const wrong = wanted.filter(({ topic, configEntries = [] }) => {
    const actual = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    return configEntries.some(
      ({ name, value }) => actual.find(({ configName }) => configName === name)?.configValue !== value,
    );
  });
  if (wrong.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: wrong.map(({ topic, configEntries = [] }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: topic,
      configEntries,
    })),
  });
}

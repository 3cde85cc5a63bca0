import { clubChanged, newId, pointsEarned, type EventDraft } from '@punchcard/contracts';
import { connect, migrate, type Sql } from '@punchcard/database';
import type { Producer } from 'kafkajs';
import { createKafka, type KafkaClient } from '../src/kafka.ts';
import { silent } from '../src/log.ts';
import { announce, type OutboxRow } from '../src/outbox.ts';
import { encode } from '../src/envelope.ts';
import { ensureTopics } from '../src/topics.ts';

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Run the tests through Jest: its global setup starts the parts.`);
  return value;
};

export const brokers = () => variable('TEST_KAFKA_BROKERS');

/** A database, topics and groups of its own. */
export interface World {
  sql: Sql;
  databaseUrl: string;
  kafka: KafkaClient;
  /** To be closed after the test, the last first. */
  closing: (() => Promise<unknown>)[];
  close(): Promise<void>;
}

export async function givenWorld(kafkaBrokers = brokers()): Promise<World> {
  const name = newId().replaceAll('-', '').slice(-12);
  const url = new URL(variable('TEST_POSTGRES_URL'));
  url.pathname = `/messaging_${name}`;
  const databaseUrl = url.href;
  await migrate(databaseUrl, null);
  const sql = connect(databaseUrl, { poolMax: 5, applicationName: 'messaging test' });
  await sql`create table effects (n bigint generated always as identity, event_id uuid, sequence bigint, name text)`;
  const kafka = createKafka({
    brokers: kafkaBrokers,
    clientId: 'messaging-test',
    log: silent,
    topicPrefix: `test-${name}`,
  });
  await ensureTopics(kafka, { partitions: 3 });
  const closing: World['closing'] = [];
  return {
    sql,
    databaseUrl,
    kafka,
    closing,
    close: async () => {
      for (const close of closing.toReversed()) await close();
      await kafka.withAdmin(async (admin) => {
        const topics = await admin.listTopics();
        await admin.deleteTopics({ topics: topics.filter((topic) => topic.startsWith(`${kafka.topicPrefix}.`)) });
      });
      await sql.end({ timeout: 5 });
      const admin = connect(variable('TEST_POSTGRES_URL'), { poolMax: 1 });
      await admin`drop database ${admin(url.pathname.slice(1))} with (force)`;
      await admin.end({ timeout: 5 });
    },
  };
}

export const clubDraft = (name: string, key: string): EventDraft<typeof clubChanged> => ({
  event: clubChanged,
  key,
  data: { ...clubChanged.example, name },
});

/** Announces clubs of these names in one transaction; the last sequence. */
export const givenAnnounced = ({ sql }: World, partnerId: string, names: readonly string[]): Promise<number> =>
  sql.begin((tx) =>
    announce(tx, { source: 'catalog', partnerId, events: names.map((name) => clubDraft(name, partnerId)) }),
  );

/** A fact of an account. */
export const factRow = (partnerId: string, memberId: string, sequence: number): OutboxRow => ({
  event: pointsEarned,
  eventId: newId(),
  partnerId,
  key: memberId,
  sequence,
  time: new Date(),
  data: { ...pointsEarned.example, member_id: memberId, seq: sequence },
});

/** The message of an event that no outbox holds. */
export function message({
  partnerId,
  sequence,
  name,
  id = newId(),
}: {
  partnerId: string;
  sequence: number;
  name: string;
  id?: string;
}) {
  const row = {
    partnerId,
    id: 0,
    topic: 'catalog',
    key: partnerId,
    type: clubChanged.type,
    eventId: id,
    subject: null,
    sequence,
    time: new Date(),
    traceparent: null,
    data: JSON.stringify({ ...clubChanged.example, name }),
  };
  return { key: partnerId, value: encode(row, 'catalog', null) };
}

export async function givenProducer({ kafka, closing }: World): Promise<Producer> {
  const producer = kafka.producer();
  await producer.connect();
  closing.push(() => producer.disconnect());
  return producer;
}

export const effects = ({ sql }: World) =>
  sql<{ name: string; sequence: number; eventId: string }[]>`select name, sequence, event_id from effects order by n`;

/** Polls until `check` gives something, at most `timeoutMs`. */
export async function eventually<T>(check: () => Promise<T | undefined | false>, timeoutMs = 20_000): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

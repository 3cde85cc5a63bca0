import { clubChanged, newId, pointsEarned, type EventDraft } from '@punchcard/contracts';
import { connect, migrate, type Sql } from '@punchcard/database';
import { endAll, waitFor } from '@punchcard/testing';
import type { Producer } from 'kafkajs';
import { createKafka, type KafkaClient, type KafkaOptions } from '../src/kafka.ts';
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

/** With the default of `copiesWaitMs`, a busy machine may let a write answer without its mark. */
export async function givenWorld(kafkaBrokers = brokers(), copiesWaitMs = 20_000): Promise<World> {
  const name = newId().replaceAll('-', '').slice(-12);
  const url = new URL(variable('TEST_POSTGRES_URL'));
  url.pathname = `/messaging_${name}`;
  const databaseUrl = url.href;
  await migrate(databaseUrl, null);
  const sql = connect(databaseUrl, { poolMax: 5, applicationName: 'messaging test' });
  await sql`create table effects (n bigint generated always as identity, event_id uuid, sequence bigint, name text)`;
  const closing: World['closing'] = [];
  const kafka = waitedFor(closing, {
    brokers: kafkaBrokers,
    clientId: 'messaging-test',
    log: silent,
    topicPrefix: `test-${name}`,
    copiesWaitMs,
  });
  await ensureTopics(kafka, { partitions: 3 });
  return {
    sql,
    databaseUrl,
    kafka,
    closing,
    close: () =>
      endAll([
        ...closing.toReversed(),
        () => dropTopics(kafka),
        () => sql.end({ timeout: 5 }),
        () => dropDatabase(url.pathname.slice(1)),
      ]),
  };
}

/**
 * A client whose admin work is waited for at the end. Who began it may have stopped by then, and it must neither miss the topics
 * that are dropped nor outlive the file: Jest takes what runs on after that for a failure.
 */
export function waitedFor(closing: World['closing'], options: KafkaOptions): KafkaClient {
  const kafka = createKafka(options);
  const works: Promise<unknown>[] = [];
  closing.push(() => Promise.allSettled(works));
  return {
    ...kafka,
    withAdmin: (work) => {
      const working = kafka.withAdmin(work);
      works.push(working);
      return working;
    },
  };
}

export const dropTopics = ({ withAdmin, topicPrefix }: KafkaClient): Promise<void> =>
  withAdmin(async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${topicPrefix}.`));
    await admin.deleteTopics({ topics, timeout: 60_000 });
  });

async function dropDatabase(name: string): Promise<void> {
  // It waits for a checkpoint of the server.
  const admin = connect(variable('TEST_POSTGRES_URL'), { poolMax: 1, statementTimeoutMs: 60_000 });
  try {
    await admin`drop database ${admin(name)} with (force)`;
  } finally {
    await admin.end({ timeout: 5 });
  }
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
export const eventually = <T>(check: () => Promise<T | undefined | false>, timeoutMs?: number): Promise<T> =>
  waitFor('it to happen', check, timeoutMs);

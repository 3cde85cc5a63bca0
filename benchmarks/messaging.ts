/**
 * What the relay sends and a consumer applies a second, and how long an event is on its way. Needs TEST_POSTGRES_URL and
 * TEST_KAFKA_BROKERS: `node benchmarks/messaging.ts [events]`.
 */
import { newId, pointsEarned } from '@punchcard/contracts';
import { connect, migrate, type Sql } from '@punchcard/database';
import {
  createConsumer,
  createKafka,
  createRelay,
  ensureTopics,
  onMany,
  outboxStatement,
  type KafkaClient,
  type OutboxRow,
  type Relay,
} from '@punchcard/messaging';

const count = Number(process.argv[2] ?? 20_000);
const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
const name = `benchmark_${newId().slice(-12)}`;
const partnerId = newId();

function row(memberId: string, sequence: number): OutboxRow {
  const data = { ...pointsEarned.example, member_id: memberId, seq: sequence };
  return { event: pointsEarned, eventId: newId(), partnerId, key: memberId, sequence, time: new Date(), data };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measureRelay(sql: Sql, relay: Relay): Promise<number> {
  const members = Array.from({ length: 500 }, () => newId());
  for (let done = 0; done < count; done += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, n) => row(members[n % 500]!, done / 500 + (n >= 500 ? 2 : 1)));
    await sql.begin((tx) => outboxStatement(tx, rows));
  }
  relay.start();
  while ((await relay.stats()).sent === 0) await sleep(5); // Connecting is not what is measured.
  const began = performance.now();
  const { sent } = await relay.stats();
  while ((await relay.stats()).sent < count) await sleep(20);
  return ((count - sent) / (performance.now() - began)) * 1_000;
}

async function measureConsumer(sql: Sql, kafka: KafkaClient): Promise<number> {
  let first = 0;
  const consumer = createConsumer({
    ...{ sql, kafka, group: 'benchmark', log },
    subscriptions: [
      onMany([pointsEarned], async (tx) => {
        first ||= performance.now();
        await tx`select 1`;
      }),
    ],
  });
  consumer.start();
  await consumer.copies.caughtUp(['ledger'], 120_000);
  const seconds = (performance.now() - first) / 1_000;
  await consumer.stop();
  return count / seconds;
}

/** From the commit in one place to the call of the handler in another, 50 events a second. */
async function measureDelay(sql: Sql, kafka: KafkaClient, relay: Relay): Promise<number[]> {
  const arrived = new Map<string, () => void>();
  const consumer = createConsumer({
    ...{ sql, kafka, group: 'delay', log },
    subscriptions: [
      onMany([pointsEarned], (_tx, envelopes) => {
        for (const { id } of envelopes) arrived.get(id)?.();
        return Promise.resolve();
      }),
    ],
  });
  consumer.start();
  await consumer.copies.caughtUp(['ledger'], 120_000);
  const delays: number[] = [];
  for (let n = 0; n < 500; n += 1) {
    const event = row(newId(), 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    arrived.set(event.eventId, resolve);
    await sql.begin((tx) => outboxStatement(tx, [event]));
    const began = performance.now();
    relay.nudge();
    await promise;
    delays.push(performance.now() - began);
    await sleep(20);
  }
  await consumer.stop();
  return delays.sort((a, b) => a - b);
}

const url = new URL(process.env['TEST_POSTGRES_URL']!);
const admin = connect(url.href, { poolMax: 1 });
url.pathname = `/${name}`;
await migrate(url.href, null);
const sql = connect(url.href);
const kafka = createKafka({ brokers: process.env['TEST_KAFKA_BROKERS']!, clientId: name, topicPrefix: name });
await ensureTopics(kafka);
const relay = createRelay({ sql, kafka, source: 'ledger', log });

console.log(`relay: ${Math.round(await measureRelay(sql, relay))} events a second`);
console.log(`consumer: ${Math.round(await measureConsumer(sql, kafka))} events a second`);
const delays = await measureDelay(sql, kafka, relay);
const at = (share: number) => delays[Math.floor(delays.length * share)]!.toFixed(1);
console.log(`commit to handler: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms`);

await relay.stop();
await kafka.withAdmin(async (client) => {
  const topics = (await client.listTopics()).filter((topic) => topic.startsWith(`${name}.`));
  await client.deleteTopics({ topics });
});
await sql.end();
await admin`drop database ${admin(name)} with (force)`;
await admin.end();

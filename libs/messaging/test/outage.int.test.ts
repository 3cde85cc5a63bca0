import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clubChanged, newId } from '@punchcard/contracts';
import { endAll, startParts } from '@punchcard/testing';
import { createConsumer } from '../src/consumer.ts';
import { silent } from '../src/log.ts';
import { createRelay } from '../src/relay.ts';
import { on } from '../src/subscription.ts';
import { createWriter } from '../src/writer.ts';
import { clubDraft, effects, eventually, givenAnnounced, givenWorld, type World } from './given.ts';

// A broker of its own, since it is killed.
let folder: string;
let parts: Awaited<ReturnType<typeof startParts>>;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messaging-'));
  parts = await startParts({ dir: folder, ports: { kafka: 0, kafkaController: 0 }, only: ['kafka'], env: {} });
  world = await givenWorld(parts.kafkaBrokers, 1_000);
}, 120_000);
afterAll(
  () => endAll([() => world.close(), () => parts.stop(), () => rm(folder, { recursive: true, force: true })]),
  60_000,
);

describe('a broker that is killed and comes back', () => {
  it('loses nothing that was announced, doubles nothing, and needs no human', async () => {
    const { sql, kafka } = world;
    const relay = createRelay({ sql, kafka, source: 'catalog', log: silent });
    const consumer = createConsumer({
      sql,
      kafka,
      group: 'ledger',
      log: silent,
      subscriptions: [
        on(clubChanged, async (tx, { id, sequence, data }) => {
          await tx`insert into effects (event_id, sequence, name) values (${id}, ${sequence}, ${data.name})`;
        }),
      ],
    });
    const writer = createWriter({ sql, relay, source: 'catalog' });
    relay.start();
    consumer.start();
    world.closing.push(
      () => consumer.stop(),
      () => relay.stop(),
    );
    const partnerId = newId();
    const write = (name: string, by = writer) =>
      by.write(null, () => Promise.resolve({ data: {}, partnerId, events: [clubDraft(name, partnerId)] }));
    const published = (partner: string, sequence: number) => relay.published(partner, sequence, 20_000);
    const patient = createWriter({ sql, relay: { nudge: relay.nudge, published }, source: 'catalog' });
    const before = await write('before', patient);
    expect(before.mark).toBe(1);
    expect(await consumer.copies.waitFor({ catalog: 1 }, partnerId, 20_000)).toBe(true);

    const names: string[] = [];
    let isWriting = true;
    const writing = (async () => {
      for (let n = 1; isWriting; n += 1) {
        await givenAnnounced(world, partnerId, [`club ${n}`]);
        relay.nudge();
        names.push(`club ${n}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    world.closing.push(() => {
      isWriting = false;
      return writing;
    });
    await eventually(async () => names.length > 10);
    await parts.parts.kafka.kill('SIGKILL');

    // Writes go on; they answer after a second, and do not claim to be published.
    const began = performance.now();
    expect(await write('during')).toEqual({ data: {}, replayed: false });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await consumer.copies.caughtUp(['catalog'], 300)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await parts.parts.kafka.start();
    const back = performance.now();
    await eventually(async () => (await relay.stats()).unsent < 10);
    const relayMs = performance.now() - back;
    isWriting = false;
    await writing;

    expect(await consumer.copies.caughtUp(['catalog'], 30_000)).toBe(true);
    const consumerMs = performance.now() - back;
    const applied = (await effects(world)).map(({ name }) => name).filter((name) => name.startsWith('club'));
    expect(applied).toEqual(names);
    expect((await effects(world)).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: names.length + 2 }, (_, n) => n + 1),
    );
    expect(consumer.isHealthy()).toBe(true);
    expect(Math.max(relayMs, consumerMs)).toBeLessThan(30_000);
    if (process.env['SHOW_TIMES'])
      process.stdout.write(`back: relay ${relayMs | 0} ms, consumer ${consumerMs | 0} ms\n`);
  }, 120_000);
});

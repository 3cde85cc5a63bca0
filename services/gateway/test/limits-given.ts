import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@punchcard/testing';
import { Redis } from 'ioredis';
import type { Admission, Subject } from '../src/limits/admission.ts';
import { createLimiter, type Limiter, type LimiterOptions } from '../src/limits/limiter.ts';

export interface GivenLimiter extends Limiter {
  counted: Map<string, number>;
}

/** A key prefix of the test's own. */
export const newPrefix = (): string => `test-limits:${randomUUID()}:`;

/** A gateway's limiter, ready. Settles at once, and waits for a slow machine, unless the test is about that. */
export async function givenLimiter(
  redisUrl: string,
  keyPrefix: string,
  options: Partial<Omit<LimiterOptions, 'redis' | 'keyPrefix'>> = {},
): Promise<GivenLimiter> {
  const counted = new Map<string, number>();
  const redis = new Redis(redisUrl, { lazyConnect: true });
  const limiter = createLimiter({
    redis,
    keyPrefix,
    gatewayId: 'test',
    log: { info: () => {}, warn: () => {} },
    metrics: { count: (event) => counted.set(event, (counted.get(event) ?? 0) + 1) },
    ...options,
    settings: { settleMs: 50, askTimeoutMs: 5_000, ...options.settings },
  });
  await limiter.ready(10_000);
  return { ...limiter, counted };
}

export interface OwnRedis {
  url: string;
  /** kill -9: what was not on disk is lost, and nothing is on disk. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis server that the test may kill, without persistence. Throws what it printed if it ends before it answers. */
export async function givenRedis(parameters: readonly string[] = []): Promise<OwnRedis> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'punchcard-redis-'));
  let child: ChildProcess | undefined;
  const url = `redis://127.0.0.1:${port}`;
  const start = async () => {
    const common = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
    child = spawn('redis-server', [...common, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
    await answering(url, child);
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url,
    start,
    kill,
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A Redis Cluster of one node, which takes keys. */
export async function givenCluster(): Promise<OwnRedis> {
  // By itself it takes its port and 10,000 for the bus: one of those that the system gives to any client.
  const bus = await freePort();
  const cluster = await givenRedis(['--cluster-enabled', 'yes', '--cluster-port', String(bus)]);
  const client = new Redis(cluster.url);
  try {
    await client.cluster('ADDSLOTSRANGE', 0, 16_383);
    await waitFor('the cluster', async () => (await client.cluster('INFO')).includes('cluster_state:ok'));
  } catch (error) {
    await cluster.stop();
    throw error;
  } finally {
    client.disconnect();
  }
  return cluster;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  let printed = '';
  server.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => {});
  const ended = once(server, 'exit').then(() => {
    throw new Error(`redis-server ended:\n${printed}`);
  });
  try {
    await Promise.race([redis.ping(), ended]);
  } finally {
    redis.disconnect();
  }
}

export async function admitAll(limiters: readonly Limiter[], subject: Subject, calls: number): Promise<Admission[]> {
  return Promise.all(Array.from({ length: calls }, async (_, n) => limiters[n % limiters.length]!.admit(subject)));
}

export const admittedOf = (admissions: readonly Admission[]): number =>
  admissions.filter(({ admitted }) => admitted).length;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function forget(redis: Redis, keyPrefix: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${keyPrefix}*`, count: 1_000 }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await redis.del(...keys);
  }
}

import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from '@punchcard/database';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { birthOf } from '../src/processes/identity.ts';
import { readPidFile, writePidFile } from '../src/processes/pid-files.ts';
import { freePort, isTaken } from '../src/processes/ports.ts';
import { anyPorts } from '../src/stack/ports.ts';
import { startParts } from '../src/start-parts.ts';
import type { Parts, StartPartsOptions } from '../src/start-parts.ts';

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const running: Parts[] = [];
/** Ends what a test began, also when it fails. */
const ends: (() => unknown)[] = [];

/** A state folder below a folder of that mode. */
const givenFolder = (mode = 0o755): string => {
  const parent = mkdtempSync('/tmp/punchcard-test-');
  folders.push(parent);
  chmodSync(parent, mode);
  const folder = join(parent, '.local');
  mkdirSync(folder);
  return folder;
};

const givenParts = async (options: StartPartsOptions): Promise<Parts> => {
  const parts = await startParts({ ports: anyPorts(), env: { PUNCHCARD_PARTS: 'native' }, ...options });
  running.push(parts);
  return parts;
};

const query = async (url: string, text: string): Promise<unknown[]> => {
  const sql = connect(url, { poolMax: 1 });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end({ timeout: 5 });
  }
};

const redisCall = async <T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
};

const topicsOf = async (brokers: string, create: string[]): Promise<string[]> => {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    // A broker that has just begun on a slow machine leads a topic late; kafkajs waits for as long as the broker may take.
    if (create.length > 0) await admin.createTopics({ topics: create.map((topic) => ({ topic })), timeout: 60_000 });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
};

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
  await Promise.all(running.splice(0).map((parts) => parts.stop()));
  for (const folder of folders.splice(0)) {
    // Where PostgreSQL has a folder of its own, this is a link to it.
    const postgres = join(folder, '.local', 'postgres');
    if (existsSync(postgres)) rmSync(realpathSync(postgres), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('startParts', () => {
  it('finds the data of the first start again at the second', async () => {
    const dir = givenFolder();
    const first = await givenParts({ dir });
    await query(first.postgresUrl, 'create table kept (n int)');
    await redisCall(first.redisUrl, (redis) => redis.set('kept', 'yes'));
    await topicsOf(first.kafkaBrokers, ['kept']);
    await first.stop();

    const second = await givenParts({ dir });

    expect(await query(second.postgresUrl, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }]);
    expect(await redisCall(second.redisUrl, (redis) => redis.get('kept'))).toBe('yes');
    expect(await topicsOf(second.kafkaBrokers, [])).toContain('kept');
  }, 240_000);

  it('starts a killed part again on the same port and data', async () => {
    const parts = await givenParts({ dir: givenFolder(), only: ['postgres'] });
    const before = parts.parts.postgres.pid;
    await query(parts.postgresUrl, 'create table kept (n int)');

    await parts.parts.postgres.kill('SIGKILL');
    expect(parts.parts.postgres.pid).toBeUndefined();
    await parts.parts.postgres.start();

    expect(parts.parts.postgres.pid).not.toBe(before);
    expect(await query(parts.postgresUrl, 'select n from kept')).toEqual([]);
  }, 60_000);

  it('starts PostgreSQL again when a process of the killed one lives on for a moment', async () => {
    const { parts, postgresUrl } = await givenParts({ dir: givenFolder(), only: ['postgres'] });
    const session = connect(postgresUrl, { poolMax: 1 });
    ends.push(() => session.end({ timeout: 1 }));
    const [backend] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;

    process.kill(backend!.pid, 'SIGSTOP');
    await parts.postgres.kill('SIGKILL');
    setTimeout(() => process.kill(backend!.pid, 'SIGCONT'), 1_000);
    await parts.postgres.start();

    expect(await query(postgresUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('brings a part back by itself if it was told to', async () => {
    const parts = await givenParts({ dir: givenFolder(), only: ['redis'], restart: true });

    await parts.parts.redis.kill('SIGKILL');
    await parts.parts.redis.start();

    expect(await redisCall(parts.redisUrl, (redis) => redis.ping())).toBe('PONG');
  }, 60_000);

  it('names the port that is taken, the part and the variable that chooses another, and starts nothing', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    ends.push(() => other.close());
    await once(other, 'listening');
    const dir = givenFolder();

    const starting = givenParts({ dir, ports: { ...anyPorts(), redis: port }, only: ['postgres', 'redis'] });

    await expect(starting).rejects.toThrow(new RegExp(`${port} for Redis: taken by .*pid ${process.pid}.*REDIS_PORT=`));
    expect(readPidFile(join(dir, 'run'), 'postgres')).toBeUndefined();
  }, 60_000);
});

describe('startParts beside another', () => {
  it('refuses a folder that is held, and leaves its parts alone', async () => {
    const dir = givenFolder();
    const first = await givenParts({ dir, only: ['redis'] });

    await expect(givenParts({ dir, only: ['redis'] })).rejects.toThrow(`running already (pid ${process.pid})`);

    expect(await redisCall(first.redisUrl, (redis) => redis.ping())).toBe('PONG');
  }, 60_000);
});

describe('startParts after a crash', () => {
  const givenCrashed = async (dir: string, port: number): Promise<void> => {
    const program = join(import.meta.dirname, 'start-and-wait.ts');
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const starter: ChildProcess = spawn(process.execPath, [program, dir, String(port)], { env });
    ends.push(() => starter.kill('SIGKILL'));
    const exit = once(starter, 'exit');
    await Promise.race([once(starter.stdout!, 'data'), exit]);
    starter.kill('SIGKILL');
    await exit;
  };

  it('ends the server that nobody holds any more, and starts on its port', async () => {
    const dir = givenFolder();
    const port = await freePort();
    await givenCrashed(dir, port);
    expect(await isTaken(port)).toBe(true);
    const leftover = readPidFile(join(dir, 'run'), 'redis')!;

    const parts = await givenParts({ dir, ports: { redis: port }, only: ['redis'] });

    expect(birthOf(leftover.pid)).not.toBe(leftover.birth);
    expect(await redisCall(parts.redisUrl, (redis) => redis.ping())).toBe('PONG');
  }, 60_000);

  it('leaves a program alone that has the pid of a stale pid file by now', async () => {
    const dir = givenFolder();
    const bystander = spawn('sleep', ['60']);
    ends.push(() => bystander.kill('SIGKILL'));
    const stale = { name: 'redis', kind: 'part', pid: bystander.pid!, birth: 'long ago', port: 1 } as const;
    writePidFile(join(dir, 'run'), { ...stale, stopSignal: 'SIGTERM' });

    await givenParts({ dir, only: ['redis'] });

    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
  }, 60_000);
});

// A user who is not root runs PostgreSQL as himself, and can reach whatever he can reach.
(isRoot ? describe : describe.skip)('startParts as root', () => {
  it('keeps PostgreSQL out of a clone that its user cannot enter, links it, and finds it again', async () => {
    const dir = givenFolder(0o700);
    const lines: string[] = [];
    const first = await givenParts({ dir, only: ['postgres'], log: (line) => lines.push(line) });
    const home = realpathSync(join(dir, 'postgres'));
    await query(first.postgresUrl, 'create table kept (n int)');

    expect(lstatSync(join(dir, 'postgres')).isSymbolicLink()).toBe(true);
    expect(home).toMatch(/^\/var\/tmp\/punchcard-postgres-/);
    expect(statSync(join(home, 'server')).uid).not.toBe(0);
    expect(lines.filter((line) => line.includes(home))).toHaveLength(1);
    await first.stop();
    const second = await givenParts({ dir, only: ['postgres'] });
    expect(realpathSync(join(dir, 'postgres'))).toBe(home);
    expect(await query(second.postgresUrl, 'select n from kept')).toEqual([]);
  }, 120_000);
});

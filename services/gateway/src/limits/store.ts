import type { Redis } from 'ioredis';
import { scripts } from './scripts.ts';

/** What is asked of Redis about one subject; see `limitsAsk` in scripts.ts for what each number does. */
export interface Question {
  calls: number;
  windows: { key: string; windowMs: number; quota: number; wanted: number; isOnRecord: boolean }[];
  slots: SlotsQuestion | null;
}

export interface SlotsQuestion {
  key: string;
  limit: number;
  /** Idle slots of this gateway that the calls take first. */
  own: number;
  wanted: number;
  back: number;
}

export interface WindowAnswer {
  used: number;
  resetAt: number;
  leased: number;
  lifeMs: number;
  bucket: number;
  level: number;
  told: number;
}

export interface SlotsAnswer {
  total: number;
  /** Slots that the admitted calls needed beside this gateway's own idle ones. */
  taken: number;
  lent: number;
  /** In use by and lent to this gateway. */
  mine: number;
  level: number;
  told: number;
  /** Other gateways were asked just now for the slots that they hold idle: it is worth asking again in a moment. */
  isReclaiming: boolean;
}

export interface Answer {
  now: number;
  admitted: number;
  windows: WindowAnswer[];
  slots: SlotsAnswer | null;
}

export interface WindowRows {
  key: string;
  windowMs: number;
  quota: number;
  rows: readonly { bucket: number; count: number }[];
}

/** What gateways tell each other through Redis. */
export type News =
  | { kind: 'level'; key: string; level: number; told: number; lifeMs: number }
  | { kind: 'reclaim'; key: string }
  | { kind: 'lost'; key: string }
  | { kind: 'gateways'; count: number };

export interface Beat {
  now: number;
  gateways: number;
  registerAgeMs: number;
  isNew: boolean;
  /** Gateways that missed a sign of life: dead, or on their way back to a Redis that was gone. */
  late: number;
}

/** All that the limiter does with Redis. A model of it runs in the unit tests. Calls reject when Redis cannot be reached. */
export interface LimitStore {
  /** `lost`: Redis does not know this gateway's calls any more; nothing was changed. */
  ask(question: Question): Promise<Answer | 'lost'>;
  giveBack(window: Omit<WindowRows, 'rows'>, bucket: number, count: number): Promise<{ now: number }>;
  merge(window: WindowRows): Promise<{ now: number; used: number; resetAt: number; level: number; told: number }>;
  hold(slots: {
    key: string;
    limit: number;
    count: number;
  }): Promise<{ now: number; total: number; level: number; told: number }>;
  beat(isLeaving?: boolean): Promise<Beat>;
  levels(cursor: string): Promise<LevelsPage>;
  isReady(): boolean;
  close(): void;
}

/** What has been told of some that are in use. The first cursor is `0`, and so is the last. */
export interface LevelsPage {
  cursor: string;
  levels: { key: string; level: number; told: number; lifeMs: number }[];
}

export interface StoreEvents {
  onNews(news: News): void;
  /** The connection is lost; what was sent may or may not have been done. */
  onGone(): void;
  /** Whether news arrive. */
  onHearing(isHearing: boolean): void;
}

export interface StoreOptions {
  redis: Redis;
  keyPrefix: string;
  /** Of this process, never used before: what it counted is kept under this name. */
  gatewayId: string;
  lapseMs: number;
  timeOffsetMs: () => number;
  events: StoreEvents;
}

type Script = (...parameters: (string | number)[]) => Promise<number[]>;

/** Keys that Redis looks at in one go: half a millisecond, in which it answers nobody else. */
const keysPerPage = 500;

const literally = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');

/** How often a gateway gives a sign of life, and when it is late. */
export const beatEveryMs = 1_000;
export const lateAfterMs = 1_500;

/** The scripts on a connection of their own: it fails at once instead of queueing, and never sends anything twice. */
export function createRedisStore(options: StoreOptions): LimitStore {
  const { keyPrefix, gatewayId, lapseMs } = options;
  const redis = connect(options);
  const channel = `${keyPrefix}news`;
  const keysOf = (key: string) => [keyPrefix + key, `${keyPrefix}${key}.${gatewayId}`];
  const run = (name: keyof typeof scripts, keys: readonly string[], values: readonly (string | number)[]) => {
    const commands = redis.commands as unknown as Record<string, Script>;
    return commands[name]!(keys.length, ...keys, options.timeOffsetMs(), channel, gatewayId, ...values);
  };

  return {
    ask: async ({ calls, windows, slots }) => {
      const keys = windows.flatMap(({ key }) => keysOf(key));
      const values = windows.flatMap((window) => [
        window.windowMs,
        window.quota,
        window.wanted,
        window.isOnRecord ? 1 : 0,
      ]);
      if (slots) {
        keys.push(keyPrefix + slots.key);
        values.push(slots.limit, lapseMs, slots.own, slots.wanted, slots.back);
      }
      return readAnswer(await run('limitsAsk', keys, [windows.length, calls, ...values]), windows.length);
    },
    giveBack: async ({ key, windowMs, quota }, bucket, count) => {
      const [now] = await run('limitsGiveBack', keysOf(key), [windowMs, quota, bucket, count]);
      return { now: now! };
    },
    merge: async ({ key, windowMs, quota, rows }) => {
      const values = rows.flatMap(({ bucket, count }) => [bucket, count]);
      const [now, used, resetAt, level, told] = await run('limitsMerge', keysOf(key), [windowMs, quota, ...values]);
      return { now: now!, used: used!, resetAt: resetAt!, level: level!, told: told! };
    },
    hold: async ({ key, limit, count }) => {
      const [now, total, level, told] = await run('limitsHold', [keyPrefix + key], [limit, lapseMs, count]);
      return { now: now!, total: total!, level: level!, told: told! };
    },
    beat: async (isLeaving = false) => {
      const keys = [`${keyPrefix}{gateways}`, `${keyPrefix}{gateways}:since`];
      const [now, gateways, registerAgeMs, isNew, late] = await run('limitsBeat', keys, [
        lapseMs,
        isLeaving ? 1 : 0,
        lateAfterMs,
      ]);
      return { now: now!, gateways: gateways!, registerAgeMs: registerAgeMs!, isNew: isNew === 1, late: late! };
    },
    levels: async (cursor) => {
      const page = await run('limitsLevels', [], [cursor, `${literally(keyPrefix)}*`, keysPerPage]);
      return readLevels(page.map(String), keyPrefix);
    },
    isReady: () => redis.commands.status === 'ready',
    close: () => disconnect(redis),
  };
}

const ignore = (): void => {};

function disconnect({ commands, news }: { commands: Redis; news: Redis }): void {
  for (const connection of [commands, news]) {
    connection.removeAllListeners();
    connection.on('error', ignore);
    if (connection.status !== 'end') connection.disconnect();
  }
}

function connect({ redis, keyPrefix, events }: StoreOptions): { commands: Redis; news: Redis } {
  const own = {
    keyPrefix: '',
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    lazyConnect: false,
    // Gateways must all be back before the first of them trusts what Redis says again (`settleMs`).
    retryStrategy: (times: number) => Math.min(25 * times, 250),
  };
  const commands = redis.duplicate(own);
  for (const [name, lua] of Object.entries(scripts)) commands.defineCommand(name, { lua });
  commands.on('close', events.onGone);
  // The reason is logged once, by the limiter, as "gone"; without a listener ioredis prints every attempt.
  commands.on('error', ignore);

  const news = redis.duplicate({ ...own, enableOfflineQueue: true, autoResubscribe: false });
  const channel = `${keyPrefix}news`;
  news.on('error', ignore);
  news.on('close', () => events.onHearing(false));
  news.on('ready', () => {
    const subscribed = () => events.onHearing(true);
    const refused = () => news.disconnect(true);
    void news.subscribe(channel).then(subscribed, refused);
  });
  news.on('message', (_channel: string, text: string) => {
    const item = readNews(text, keyPrefix);
    if (item) events.onNews(item);
  });
  return { commands, news };
}

function readAnswer(values: readonly number[], windowCount: number): Answer | 'lost' {
  if (values[0] !== 0) return 'lost';
  let at = 3;
  const next = () => values[at++]!;
  const windows: WindowAnswer[] = [];
  for (let i = 0; i < windowCount; i++) {
    windows.push({
      used: next(),
      resetAt: next(),
      leased: next(),
      lifeMs: next(),
      bucket: next(),
      level: next(),
      told: next(),
    });
  }
  const slots =
    at < values.length
      ? {
          total: next(),
          taken: next(),
          lent: next(),
          mine: next(),
          level: next(),
          told: next(),
          isReclaiming: next() === 1,
        }
      : null;
  return { now: values[1]!, admitted: values[2]!, windows, slots };
}

function readLevels([cursor, ...values]: string[], keyPrefix: string): LevelsPage {
  const levels: LevelsPage['levels'] = [];
  for (let at = 0; at < values.length; at += 4) {
    const [key, level, told, lifeMs] = values.slice(at, at + 4) as [string, string, string, string];
    levels.push({ key: key.slice(keyPrefix.length), level: Number(level), told: Number(told), lifeMs: Number(lifeMs) });
  }
  return { cursor: cursor!, levels };
}

/** Undefined for what a newer gateway may say. */
function readNews(text: string, keyPrefix: string): News | undefined {
  const [kind, ...rest] = text.split(' ');
  const key = rest.at(-1)?.slice(keyPrefix.length) ?? '';
  if (kind === 'level') return { kind, level: Number(rest[0]), told: Number(rest[1]), lifeMs: Number(rest[2]), key };
  if (kind === 'reclaim' || kind === 'lost') return { kind, key };
  if (kind === 'gateways') return { kind, count: Number(rest[0]) };
  return undefined;
}

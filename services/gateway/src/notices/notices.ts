import type { Log } from '@punchcard/service-kit';
import type { Redis } from 'ioredis';

export interface NoticesOptions {
  /** Its settings are used for two connections of our own: one that hears, one that tells. */
  redis: Redis;
  log: Log;
  /** Channel > what to do with a message on it. */
  listeners: Readonly<Record<string, (message: string) => void>>;
  /** Every channel is heard again after it was not: messages may have been missed. */
  onHearingAgain: () => void;
}

export interface Notices {
  /** At most once: while Redis is away nobody is told. */
  tell(channel: string, message: string): void;
  isHearing(): boolean;
  close(): void;
}

/** What gateways are told, and tell each other, through Redis' publish and subscribe. Starts without Redis and finds it later. */
export function createNotices({ redis, log, listeners, onHearingAgain }: NoticesOptions): Notices {
  const own = {
    lazyConnect: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 500),
  };
  const hearing = redis.duplicate(own);
  const telling = redis.duplicate({ ...own, enableOfflineQueue: false });
  let isHearing = false;

  const subscribe = async (): Promise<void> => {
    await hearing.subscribe(...Object.keys(listeners));
    isHearing = true;
    onHearingAgain();
  };
  hearing.on('ready', () => void subscribe().catch((error: unknown) => log.warn({ err: error }, 'Cannot subscribe')));
  hearing.on('message', (channel: string, message: string) => listeners[channel]?.(message));
  hearing.on('close', () => {
    if (isHearing) log.warn({}, 'Redis is away: notices of changes may be lost; keys are asked for anew every 25 s');
    isHearing = false;
  });
  // Without a listener ioredis prints every attempt to connect.
  for (const connection of [hearing, telling]) connection.on('error', () => {});

  return {
    tell: (channel, message) => void telling.publish(channel, message).catch(() => {}),
    isHearing: () => isHearing,
    close: () => {
      hearing.disconnect();
      telling.disconnect();
    },
  };
}

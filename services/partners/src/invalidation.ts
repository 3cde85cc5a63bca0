import { invalidationChannel, keyChanged } from '@punchcard/contracts';
import type { SentEvent } from '@punchcard/messaging';
import type { Redis } from 'ioredis';

/** Tells all gateways to forget a key, or a partner with all its keys, once its event is on the topic. At least once. */
export const tellGateways =
  (redis: Redis) =>
  async (rows: readonly SentEvent[]): Promise<void> => {
    const ids = rows.map(({ type, partnerId, data }) => (type === keyChanged.type ? keyIdOf(data) : partnerId));
    await Promise.all([...new Set(ids)].map((id) => redis.publish(invalidationChannel, id)));
  };

const keyIdOf = (data: unknown): string => keyChanged.data.parse(data).key_id;

import { AppError, findKey, recordKeyUse } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import type { UsedKey } from './key-use.ts';
import type { AskPartners } from './look-ups.ts';

/** Asks `partners` for a key by its HMAC. */
export const askPartners =
  (internal: InternalClient): AskPartners =>
  async (kind, hash) => {
    try {
      return findKey.answer.parse(await internal.call(findKey, { body: { kind, hash } }));
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };

/** Tells `partners` when keys were last used. */
export const tellPartners =
  (internal: InternalClient) =>
  (used: UsedKey[]): Promise<unknown> =>
    internal.call(recordKeyUse, { body: { used } });

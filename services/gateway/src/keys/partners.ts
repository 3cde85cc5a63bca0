import { AppError, findKey, recordKeyUse, recordMemberUse, type KeyRecord } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import type { Used } from './key-use.ts';
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
  (used: Used[]): Promise<unknown> =>
    internal.call(recordKeyUse, { body: { used: used.map(({ id, at }) => ({ key_id: id, at })) } });

/** Names the member behind a key, for `tellMembers`; null when there is none. */
export const memberOfKey = ({ member_id: memberId, partner }: KeyRecord): string | null =>
  memberId && partner ? `${partner.id} ${memberId}` : null;

/** Tells `members` when members last used a key. */
export const tellMembers =
  (internal: InternalClient) =>
  (used: Used[]): Promise<unknown> => {
    const rows = used.map(({ id, at }) => {
      const [partnerId = '', memberId = ''] = id.split(' ');
      return { partner_id: partnerId, member_id: memberId, at };
    });
    return internal.call(recordMemberUse, { body: { used: rows } });
  };

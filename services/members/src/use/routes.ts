import type { Handlers, recordMemberUse } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { recordLogins } from './platform-store.ts';

/** What gateways tell about the keys of members. */
export const useHandlers = ({ sql }: { sql: Sql }): Handlers<typeof recordMemberUse> => ({
  'internal.members.record_use': async ({ body }) => ({
    recorded: await recordLogins(
      sql,
      body.used.map(({ partner_id: partnerId, member_id: memberId, at }) => ({
        partnerId,
        memberId,
        at: new Date(at),
      })),
    ),
  }),
});

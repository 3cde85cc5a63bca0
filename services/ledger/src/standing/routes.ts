import { partnerIdOf, type Handlers, type memberStanding } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { surely } from '../booking/lanes.ts';
import { getStanding } from './get-standing.ts';

interface Deps {
  sql: Sql;
  copies: Parameters<typeof surely>[1];
}

export const standingHandlers = ({ sql, copies }: Deps): Handlers<typeof memberStanding> => ({
  'internal.members.standing': ({ params, caller, now }) =>
    surely(() => getStanding(sql, { partnerId: partnerIdOf(caller), memberId: params.id }, now), copies),
});

import { partnerIdOf, notFound, type Handlers, type memberBalance } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { surely } from '../booking/lanes.ts';
import { getBalance } from './get-balance.ts';

interface Deps {
  sql: Sql;
  copies: Parameters<typeof surely>[1];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const balanceHandlers = ({ sql, copies }: Deps): Handlers<typeof memberBalance> => ({
  'agent.members.balance': ({ params, query, caller, now }) => {
    const [memberId, cardId] = [params.id.toLowerCase(), params.cardId.toLowerCase()];
    const asked = { partnerId: partnerIdOf(caller), memberId, cardId, at: query.at ?? now, now };
    if (!UUID.test(cardId)) throw notFound('card', params.cardId);
    return surely(() => getBalance(sql, asked), copies);
  },
});

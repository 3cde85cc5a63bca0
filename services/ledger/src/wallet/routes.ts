import {
  partnerIdOf,
  memberIdOf,
  partnerOf,
  reply,
  type Caller,
  type getMyBalance as getOne,
  type getMyTier,
  type Handlers,
  type listMyBalances,
  type listMyTransactions,
  type memberCards,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { surely } from '../booking/lanes.ts';
import { endOfDay, startOfDay } from '../calendar/rules.ts';
import type { Kept } from '../counts/kept.ts';
import { toOwnTransaction } from '../transactions/answer-rules.ts';
import { readPage } from '../transactions/read-page.ts';
import { getLadders } from './get-ladders.ts';
import { getMyBalance } from './get-my-balance.ts';
import { listBalances } from './list-balances.ts';
import { listUsedCards, type Owner } from './views.ts';

interface Deps {
  sql: Sql;
  copies: Parameters<typeof surely>[1];
  kept: Kept;
}

type Endpoints =
  typeof listMyBalances | typeof getOne | typeof listMyTransactions | typeof getMyTier | typeof memberCards;

const ownerOf = (caller: Caller): Owner => ({ partnerId: partnerOf(caller).id, memberId: memberIdOf(caller) });

export const walletHandlers = ({ sql, copies, kept }: Deps): Handlers<Endpoints> => ({
  'agent.member.balance.list': ({ caller, now, language }) =>
    listBalances(sql, ownerOf(caller), { now, reader: { language, locale: partnerOf(caller).locale } }),

  'agent.member.balance.get': ({ params, query, caller, now }) => {
    const asked = { ...ownerOf(caller), cardId: params.cardId.toLowerCase(), at: query.at ?? now, now };
    return surely(() => getMyBalance(sql, asked), copies);
  },

  'agent.member.transactions.list': async ({ query, caller, now }) => {
    const { time_zone: timeZone } = partnerOf(caller);
    const { limit, offset, pagination } = paginate(query);
    const filter = {
      ...ownerOf(caller),
      cardId: query.card_id,
      event: query.event,
      from: query.from === undefined ? undefined : startOfDay(query.from, timeZone),
      to: query.to === undefined ? undefined : endOfDay(query.to, timeZone),
      now,
    };
    const { entries, total } = await readPage({ sql, kept }, filter, { limit, offset });
    return reply(
      entries.map((entry) => toOwnTransaction(entry, now)),
      { pagination: pagination(total) },
    );
  },

  'agent.member.tier.get': ({ caller, now, language }) =>
    getLadders(sql, ownerOf(caller), { now, reader: { language, locale: partnerOf(caller).locale } }),

  'internal.members.cards': async ({ params, caller }) => ({
    card_ids: await listUsedCards(sql, { partnerId: partnerIdOf(caller), memberId: params.id }),
  }),
});

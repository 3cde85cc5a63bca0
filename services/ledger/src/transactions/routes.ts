import {
  partnerIdOf,
  notFound,
  partnerOf,
  reply,
  type getTransaction,
  type Handlers,
  type listTransactions,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import type { surely } from '../booking/lanes.ts';
import { endOfDay, startOfDay } from '../calendar/rules.ts';
import type { Kept } from '../counts/kept.ts';
import type { Identify } from '../members/identify.ts';
import { toTransaction } from './answer-rules.ts';
import { listTransactions as list } from './list-transactions.ts';
import { findEntry, listLots } from './views.ts';

interface Deps {
  sql: Sql;
  copies: Parameters<typeof surely>[1];
  identify: Identify;
  kept: Kept;
}

export const transactionHandlers = ({
  sql,
  copies,
  identify,
  kept,
}: Deps): Handlers<typeof listTransactions | typeof getTransaction> => ({
  'agent.transactions.list': async ({ query, caller, now }) => {
    const { id: partnerId, time_zone: timeZone } = partnerOf(caller);
    const { limit, offset, pagination } = paginate(query);
    const { entries, total } = await list(
      { sql, copies, kept },
      {
        filter: {
          partnerId,
          cardId: query.card_id,
          clubId: query.club_id,
          staffId: query.staff_id,
          event: query.event,
          status: query.status,
          reference: query.reference,
          claimCode: query.claim_code?.toUpperCase(),
          from: query.from === undefined ? undefined : startOfDay(query.from, timeZone),
          to: query.to === undefined ? undefined : endOfDay(query.to, timeZone),
          now,
        },
        candidates: query.member_identifier === undefined ? null : identify(partnerId, query.member_identifier),
        page: { limit, offset },
      },
    );
    return reply(
      entries.map((entry) => toTransaction(entry, now)),
      { pagination: pagination(total) },
    );
  },

  'agent.transactions.get': async ({ params, caller, now }) => {
    const partnerId = partnerIdOf(caller);
    const entry = await findEntry(sql, partnerId, params.id);
    if (!entry) throw notFound('transaction', params.id);
    const lots = await listLots(sql, partnerId, entry);
    return {
      ...toTransaction(entry, now),
      lots: lots.map(({ lotId, points, expiresAt }) => ({
        ...{ lot_id: lotId, points, expires_at: expiresAt?.toISOString() ?? null },
      })),
      reversals: [],
    };
  },
});

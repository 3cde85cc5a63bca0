import {
  notFound,
  partnerIdOf,
  type awardPoints,
  type Handlers,
  type listRefusedAwards,
  type retryRefusedAward,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Log } from '@punchcard/service-kit';
import type { Booking } from '../booking/lanes.ts';
import { bookOne } from './book-owed.ts';
import { newAward } from './new-award.ts';
import { findRefused } from './owed-store.ts';
import { listRefused } from './platform-owed.ts';

type Endpoints = typeof awardPoints | typeof listRefusedAwards | typeof retryRefusedAward;

interface Deps {
  sql: Sql;
  booking: Booking;
  log: Log;
}

const MOST = 500;

export const awardHandlers = (deps: Deps): Handlers<Endpoints> => ({
  'internal.points.award': async ({ body, caller, now }) => {
    const owed = {
      ...{ partnerId: partnerIdOf(caller), cardId: body.card_id, memberId: body.member_id, event: body.event },
      ...{ points: body.points, reference: body.reference, note: body.note ?? null, staffId: body.staff_id ?? null },
      occurredAt: body.occurred_at ?? null,
    };
    const { data } = await deps.booking.submit(newAward(owed, now));
    return data;
  },

  'internal.points.list_refused': async ({ query }) => {
    const { awards, total } = await listRefused(deps.sql, { partnerId: query.partner_id ?? null, limit: MOST });
    return {
      awards: awards.map(({ partnerId, reference, cardId, memberId, event, points, occurredAt, refusedAs }) => ({
        ...{ partner_id: partnerId, reference, card_id: cardId, member_id: memberId, event, points },
        ...{ occurred_at: occurredAt.toISOString(), refused_as: refusedAs },
      })),
      total,
    };
  },

  'internal.points.retry_refused': async ({ body, now }) => {
    const owed = await findRefused(deps.sql, { partnerId: body.partner_id, reference: body.reference });
    if (!owed) throw notFound('refused_award', body.reference, 'reference');
    return { refused_as: await bookOne(deps, owed, now) };
  },
});

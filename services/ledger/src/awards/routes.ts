import type { awardPoints, Handlers } from '@punchcard/contracts';
import type { Booking } from '../booking/lanes.ts';
import { partnerIdOf } from '../members/identify.ts';
import { newAward } from './new-award.ts';

export const awardHandlers = ({ booking }: { booking: Booking }): Handlers<typeof awardPoints> => ({
  'internal.points.award': async ({ body, caller, now }) => {
    const owed = {
      ...{ partnerId: partnerIdOf(caller), cardId: body.card_id, memberId: body.member_id, event: body.event },
      ...{ points: body.points, reference: body.reference, note: body.note ?? null, staffId: body.staff_id ?? null },
      occurredAt: body.occurred_at ?? null,
    };
    const { data } = await booking.submit(newAward(owed, now));
    return data;
  },
});

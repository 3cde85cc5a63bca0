import { reply, type Handlers, type purchase } from '@punchcard/contracts';
import type { Booking } from '../booking/lanes.ts';
import { newOrder } from '../booking/new-order.ts';
import type { Identify } from '../members/identify.ts';

interface Deps {
  booking: Booking;
  identify: Identify;
}

export const purchaseHandlers = ({ booking, identify }: Deps): Handlers<typeof purchase> => ({
  'agent.transactions.purchase': async (call) => {
    const { body, query } = call;
    const { data, replayed } = await booking.submit({
      ...newOrder(call, identify),
      kind: 'purchase',
      amount: { major: body.purchase_amount },
      currency: body.currency ?? null,
      items: body.items ?? [],
      occurredAt: body.occurred_at ?? null,
      isExplained: query.explain === 'true',
    });
    return reply(data, { replayed });
  },
});

import { reply, type Handlers, type redeem } from '@punchcard/contracts';
import type { Booking } from '../booking/lanes.ts';
import { newOrder } from '../booking/new-order.ts';
import type { Identify } from '../members/identify.ts';

interface Deps {
  booking: Booking;
  identify: Identify;
}

export const redemptionHandlers = ({ booking, identify }: Deps): Handlers<typeof redeem> => ({
  'agent.transactions.redeem': async (call) => {
    const { data, replayed } = await booking.submit({
      ...newOrder(call, identify),
      kind: 'redeem',
      rewardId: call.body.reward_id,
      language: call.language,
    });
    return reply(data, { replayed });
  },
});

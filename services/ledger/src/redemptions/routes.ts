import { randomBytes } from 'node:crypto';
import { memberIdOf, reply, type claimReward, type Handlers, type redeem } from '@punchcard/contracts';
import type { Booking } from '../booking/lanes.ts';
import { newOrder } from '../booking/new-order.ts';
import type { ClaimOrder } from '../booking/rules.ts';
import { byId, type Identify } from '../members/identify.ts';
import { claimCodeOf } from './rules.ts';

interface Deps {
  booking: Booking;
  identify: Identify;
}

export const redemptionHandlers = ({ booking, identify }: Deps): Handlers<typeof redeem | typeof claimReward> => ({
  'agent.transactions.redeem': async (call) => {
    const { data, replayed } = await booking.submit({
      ...newOrder(call, identify),
      kind: 'redeem',
      rewardId: call.body.reward_id,
      language: call.language,
      claim: null,
    });
    return reply(data, { replayed });
  },

  'agent.member.rewards.claim': async (call) => {
    const memberId = memberIdOf(call.caller);
    const body = { ...call.body, member_identifier: memberId };
    const { data, replayed } = await booking.submit<ClaimOrder>({
      ...newOrder({ ...call, body }, identify),
      // By the id alone: a member number that somebody else was given may look like it.
      candidates: byId(memberId),
      kind: 'redeem',
      rewardId: call.params.id.toLowerCase(),
      language: call.language,
      claim: { memberId, code: claimCodeOf(randomBytes(8)) },
    });
    return reply(data, { replayed });
  },
});

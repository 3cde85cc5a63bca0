import type { estimate as endpoint, estimateStamps, Handlers } from '@punchcard/contracts';
import { newCommand, newOrder } from '../booking/new-order.ts';
import type { PurchaseOrder, RedeemOrder } from '../booking/rules.ts';
import type { Identify } from '../members/identify.ts';
import type { AddStampsOrder } from '../stamps/order-rules.ts';
import { toPurchaseEstimate, toRedeemEstimate, toStampsEstimate } from './answer-rules.ts';
import { estimate } from './estimate.ts';

type Deps = Parameters<typeof estimate>[0] & { identify: Identify };

export const estimateHandlers = ({ identify, ...deps }: Deps): Handlers<typeof endpoint | typeof estimateStamps> => ({
  'agent.transactions.estimate': async (call) => {
    const { body, language } = call;
    const { member_identifier: identifier = null } = body;
    const order = newOrder({ ...call, body: { ...body, member_identifier: identifier ?? '' } }, identify);
    const named = { ...order, candidates: identifier === null ? [] : order.candidates };
    if (body.type === 'redeem') {
      const redemption: RedeemOrder = { ...named, kind: 'redeem', rewardId: body.reward_id!, language, claim: null };
      return toRedeemEstimate(redemption, await estimate(deps, redemption));
    }
    const purchase: PurchaseOrder = {
      ...{ ...named, kind: 'purchase', amount: { major: body.purchase_amount! }, currency: body.currency ?? null },
      ...{ items: body.items ?? [], occurredAt: body.occurred_at ?? null, isExplained: true },
    };
    return toPurchaseEstimate(purchase, await estimate(deps, purchase));
  },

  'internal.stamp_cards.estimate': async (call) => {
    const { stamps = null, purchase_amount: amount = null } = call.body;
    const order: AddStampsOrder = {
      ...newCommand(call, identify),
      ...{ kind: 'add_stamps', stampCardId: call.params.id, stamps, amount, language: call.language },
    };
    return toStampsEstimate(order, await estimate(deps, order));
  },
});

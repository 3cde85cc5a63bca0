import { errorRow, type Answer, type estimate } from '@punchcard/contracts';
import type { PurchaseAnswer, PurchaseOrder, RedeemAnswer, RedeemOrder } from '../booking/rules.ts';
import type { Estimate } from './rules.ts';

type EstimateAnswer = Answer<typeof estimate>;

/** What every estimate says beside the answer that it foretells. */
export const toldBy = ({ refusal, explain }: Estimate) => ({
  would_succeed: refusal === null,
  error: refusal && {
    ...{ code: refusal.code, message: refusal.message },
    details: { ...(errorRow(refusal.code).agent?.details(refusal.details) ?? refusal.details) },
  },
  explain,
});

/** Without ids of transactions: those would name nothing. */
export function toPurchaseEstimate({ cardId }: PurchaseOrder, estimate: Estimate): EstimateAnswer {
  const data = estimate.data as PurchaseAnswer | null;
  return {
    ...{ type: 'purchase', card_id: cardId, member_id: data?.member_id ?? null, matched_by: data?.matched_by ?? null },
    ...{ points_awarded: data?.points_awarded ?? null, new_balance: data?.new_balance ?? null },
    ...{ tier: data?.tier ?? null, bonus_points: data?.bonus_points ?? null },
    ...{ member_balance: data?.member_balance ?? null, status: data?.status ?? null },
    ...{ activates_at: data?.activates_at ?? null, expires_at: data?.expires_at ?? null },
    ...{ tier_changed: data?.tier_changed ?? null, points_to_next_tier: data?.points_to_next_tier ?? null },
    ...{ breakdown: data?.breakdown ?? null, reason: data?.reason ?? null, duplicate: data?.duplicate ?? false },
    ...toldBy(estimate),
  };
}

export function toRedeemEstimate({ cardId, rewardId }: RedeemOrder, estimate: Estimate): EstimateAnswer {
  const data = estimate.data as RedeemAnswer | null;
  return {
    ...{ type: 'redeem', card_id: cardId, reward_id: rewardId, member_id: data?.member_id ?? null },
    ...{ matched_by: data?.matched_by ?? null, points_deducted: data?.points_deducted ?? null },
    ...{ member_balance: data?.member_balance ?? null, new_balance: data?.new_balance ?? null },
    ...{ reward: data?.reward ?? null, duplicate: data?.duplicate ?? false },
    ...toldBy(estimate),
  };
}

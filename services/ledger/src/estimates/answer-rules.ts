import { errorRow, type Answer, type estimate, type estimateStamps } from '@punchcard/contracts';
import type { PurchaseAnswer, PurchaseOrder, RedeemAnswer, RedeemOrder } from '../booking/rules.ts';
import type { Explained } from '../purchases/answer-rules.ts';
import type { AddStampsAnswer, AddStampsOrder } from '../stamps/order-rules.ts';
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

export function toStampsEstimate({ stampCardId }: AddStampsOrder, estimate: Estimate): Answer<typeof estimateStamps> {
  const data = estimate.data as AddStampsAnswer | null;
  const told = toldBy(estimate);
  return {
    ...{ stamp_card_id: stampCardId, title: data?.title ?? null, member_id: data?.member_id ?? null },
    ...{ matched_by: data?.matched_by ?? null, current_stamps: data?.current_stamps ?? null },
    ...{ stamps_required: data?.stamps_required ?? null, completed_count: data?.completed_count ?? null },
    ...{ pending_rewards: data?.pending_rewards ?? null, next_expiry: data?.next_expiry ?? null },
    ...{ last_stamp_at: data?.last_stamp_at ?? null, stamps_added: data?.stamps_added ?? null },
    ...{ completed: data?.completed ?? null, points_awarded: data?.points_awarded ?? null },
    ...{ duplicate: data?.duplicate ?? false, ...told },
    explain: data && !data.duplicate ? [explainStamps(data)] : told.explain,
  };
}

const explainStamps = (data: AddStampsAnswer): Explained => ({
  ...{ rule: 'stamps', id: data.stamp_card_id, matched: true, points: data.points_awarded },
  why: `${data.stamps_added} given; then ${data.current_stamps} of ${data.stamps_required}, ${data.completed_count} cards completed in all.`,
});

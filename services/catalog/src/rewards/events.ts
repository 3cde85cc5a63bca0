import { rewardChanged, type EventDraft } from '@punchcard/contracts';
import type { LinkedReward, Reward } from './store.ts';

/** The whole state of a reward. `locale`: the partner's, in which its name stands where it has no title. */
export const announceReward = (reward: LinkedReward, locale: string): EventDraft =>
  draft(reward, { cardIds: reward.cardIds, locale, isDeleted: false });

/** The end of a reward. */
export const announceDeletedReward = (reward: Reward, locale: string): EventDraft =>
  draft(reward, { cardIds: [], locale, isDeleted: true });

const draft = (
  reward: Reward,
  { cardIds, locale, isDeleted }: { cardIds: string[]; locale: string; isDeleted: boolean },
): EventDraft => ({
  event: rewardChanged,
  key: reward.partnerId,
  data: {
    reward_id: reward.rewardId,
    card_ids: cardIds,
    name: reward.name,
    titles: reward.title ?? { [locale]: reward.name },
    points: reward.points,
    is_active: reward.isActive,
    active_from: reward.activeFrom?.toISOString() ?? null,
    expiration_date: reward.expirationDate?.toISOString() ?? null,
    max_number_to_redeem: reward.maxNumberToRedeem,
    max_per_member: reward.maxPerMember,
    is_deleted: isDeleted,
  },
});

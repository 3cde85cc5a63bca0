import { stampCardChanged, type EventDraft } from '@punchcard/contracts';
import type { StampCard } from './store.ts';

/** The whole state of a stamp card. */
export const announceStampCard = (stampCard: StampCard): EventDraft => draft(stampCard, false);

/** The end of a stamp card. */
export const announceDeletedStampCard = (stampCard: StampCard): EventDraft => draft(stampCard, true);

const draft = (stampCard: StampCard, isDeleted: boolean): EventDraft => ({
  event: stampCardChanged,
  key: stampCard.partnerId,
  data: {
    stamp_card_id: stampCard.stampCardId,
    club_id: stampCard.clubId,
    name: stampCard.name,
    titles: stampCard.title,
    descriptions: stampCard.description,
    reward_titles: stampCard.rewardTitle,
    reward_descriptions: stampCard.rewardDescription,
    stamps_required: stampCard.stampsRequired,
    stamps_per_purchase: stampCard.stampsPerPurchase,
    min_purchase_minor: stampCard.minPurchaseMinor,
    currency: stampCard.currency,
    max_stamps_per_transaction: stampCard.maxStampsPerTransaction,
    max_stamps_per_day: stampCard.maxStampsPerDay,
    stamps_expire_days: stampCard.stampsExpireDays,
    reward_points: stampCard.rewardPoints,
    reward_card_id: stampCard.rewardCardId,
    requires_physical_claim: stampCard.requiresPhysicalClaim,
    valid_from: stampCard.validFrom?.toISOString() ?? null,
    valid_until: stampCard.validUntil?.toISOString() ?? null,
    is_active: stampCard.isActive,
    is_visible_by_default: stampCard.isVisibleByDefault,
    stamp_icon: stampCard.stampIcon,
    bg_color: stampCard.bgColor,
    text_color: stampCard.textColor,
    is_deleted: isDeleted,
    created_at: stampCard.createdAt.toISOString(),
  },
});

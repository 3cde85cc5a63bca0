import { stampCardChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveStampCard } from './stamp-cards-store.ts';

export const onStampCardChanged = on(stampCardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveStampCard(tx, {
    partnerId,
    stampCardId: data.stamp_card_id,
    clubId: data.club_id,
    titles: data.titles,
    descriptions: data.descriptions,
    rewardTitles: data.reward_titles,
    rewardDescriptions: data.reward_descriptions,
    stampsRequired: data.stamps_required,
    stampsPerPurchase: data.stamps_per_purchase,
    minPurchaseMinor: data.min_purchase_minor,
    currency: data.currency,
    maxStampsPerTransaction: data.max_stamps_per_transaction,
    maxStampsPerDay: data.max_stamps_per_day,
    stampsExpireDays: data.stamps_expire_days,
    rewardPoints: data.reward_points,
    rewardCardId: data.reward_card_id,
    requiresPhysicalClaim: data.requires_physical_claim,
    validFrom: data.valid_from,
    validUntil: data.valid_until,
    isActive: data.is_active,
    isVisibleByDefault: data.is_visible_by_default,
    stampIcon: data.stamp_icon,
    bgColor: data.bg_color,
    textColor: data.text_color,
    isDeleted: data.is_deleted,
    createdAt: data.created_at,
    sequence,
  }),
);

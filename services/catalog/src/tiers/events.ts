import { tierChanged, type EventDraft } from '@punchcard/contracts';
import type { Tier } from './store.ts';

/** The whole state of a tier. */
export const announceTier = (tier: Tier): EventDraft => draft(tier, false);

/** The end of a tier. */
export const announceDeletedTier = (tier: Tier): EventDraft => draft(tier, true);

const draft = (tier: Tier, isDeleted: boolean): EventDraft => ({
  event: tierChanged,
  key: tier.partnerId,
  data: {
    tier_id: tier.tierId,
    club_id: tier.clubId,
    name: tier.name,
    display_names: tier.displayName ?? {},
    icon: tier.icon,
    color: tier.color,
    level: tier.level,
    points_threshold: tier.pointsThreshold,
    multiplier_bp: tier.multiplierBp,
    redemption_discount_bp: tier.redemptionDiscountBp,
    is_default: tier.isDefault,
    is_active: tier.isActive,
    is_deleted: isDeleted,
  },
});

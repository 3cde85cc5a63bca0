import { tierChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { PARTNER_WIDE } from '../tiers/rules.ts';
import { noteLadderChange } from '../tiers/store.ts';
import { saveTier } from './store.ts';

/** Members are placed anew by a job of its own (`tiers/re-place.ts`): there may be a million of them. */
export const onTierChanged = on(tierChanged, async (tx, { partnerid: partnerId, sequence, data }) => {
  const scopeId = data.club_id ?? PARTNER_WIDE;
  const isNewer = await saveTier(tx, {
    partnerId,
    tierId: data.tier_id,
    scopeId,
    name: data.name,
    displayNames: data.display_names ?? {},
    icon: data.icon ?? null,
    color: data.color ?? null,
    level: data.level,
    pointsThreshold: data.points_threshold,
    multiplierBp: data.multiplier_bp,
    redemptionDiscountBp: data.redemption_discount_bp,
    isDefault: data.is_default,
    isActive: data.is_active,
    isDeleted: data.is_deleted,
    sequence,
  });
  if (isNewer) await noteLadderChange(tx, partnerId, scopeId);
});

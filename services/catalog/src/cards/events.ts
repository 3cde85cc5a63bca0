import { cardChanged, type EventDraft } from '@punchcard/contracts';
import type { Card } from './store.ts';

/** The whole state of a card. */
export const announceCard = (card: Card): EventDraft => draft(card, false);

/** The end of a card. */
export const announceDeletedCard = (card: Card): EventDraft => draft(card, true);

const draft = (card: Card, isDeleted: boolean): EventDraft => ({
  event: cardChanged,
  key: card.partnerId,
  data: {
    card_id: card.cardId,
    club_id: card.clubId,
    name: card.name,
    titles: card.title ?? {},
    is_active: card.isActive,
    issue_date: card.issueDate.toISOString(),
    expiration_date: card.expirationDate?.toISOString() ?? null,
    currency: card.currency,
    currency_unit_minor: card.currencyUnitMinor,
    points_per_currency: card.pointsPerCurrency,
    round_points_up: card.roundPointsUp,
    min_purchase_minor: card.minPurchaseMinor,
    min_points_per_purchase: card.minPointsPerPurchase,
    max_points_per_purchase: card.maxPointsPerPurchase,
    initial_bonus_points: card.initialBonusPoints,
    points_expiration_months: card.pointsExpirationMonths,
    points_expiration_rounding: card.pointsExpirationRounding,
    pending_days: card.pendingDays,
    reversal_policy: card.reversalPolicy,
    is_visible_by_default: card.isVisibleByDefault,
    is_deleted: isDeleted,
    created_at: card.createdAt.toISOString(),
  },
});

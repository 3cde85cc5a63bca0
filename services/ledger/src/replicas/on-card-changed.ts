import { cardChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveCard } from './store.ts';

export const onCardChanged = on(cardChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveCard(tx, {
    partnerId,
    cardId: data.card_id,
    clubId: data.club_id,
    name: data.name,
    titles: data.titles ?? {},
    isActive: data.is_active,
    issueDate: data.issue_date,
    expirationDate: data.expiration_date,
    currency: data.currency,
    currencyUnitMinor: data.currency_unit_minor,
    pointsPerCurrency: data.points_per_currency,
    roundPointsUp: data.round_points_up,
    minPurchaseMinor: data.min_purchase_minor,
    minPointsPerPurchase: data.min_points_per_purchase,
    maxPointsPerPurchase: data.max_points_per_purchase,
    initialBonusPoints: data.initial_bonus_points,
    pointsExpirationMonths: data.points_expiration_months,
    pointsExpirationRounding: data.points_expiration_rounding,
    pendingDays: data.pending_days,
    isVisibleByDefault: data.is_visible_by_default,
    isDeleted: data.is_deleted,
    sequence,
  }),
);
